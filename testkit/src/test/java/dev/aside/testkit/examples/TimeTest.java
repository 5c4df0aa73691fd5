package dev.aside.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.aside.testkit.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An example of README.md, which a test compares with this file. */
class TimeTest {
    @Test
    void cache_afterAMinute_forgets() {
        FakeTime time = FakeTime.create();
        Cache<String, String> cache = Caffeine.newBuilder()
                .ticker(time.ticker())
                .expireAfterWrite(Duration.ofMinutes(1))
                .build();
        cache.put("key", "value");

        time.advance(Duration.ofMinutes(1)); // the ticker and time.clock()

        assertThat(cache.getIfPresent("key")).isNull();
    }
}
