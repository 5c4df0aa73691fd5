package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.annotation.CacheInvalidate;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AsyncWriteTest {

    interface Writes {
        @CacheInvalidate(name = "c", key = "key")
        CompletableFuture<String> write(String key);
    }

    @Test
    void write_tierRefusesTheKey_callerIsToldRatherThanLeftWaiting() {
        try (Caches caches = Caches.builder().remote(new OvertakingTier()).build()) {
            Writes writes = caches.proxy(Writes.class, key -> CompletableFuture.completedFuture("written"));

            Throwable told = writes.write("unwritable")
                    .handle((value, failure) -> failure)
                    .join();
            assertThat(told).isExactlyInstanceOf(IllegalArgumentException.class);
            assertThat(writes.write("good").join()).isEqualTo("written");
        }
    }

    @Test
    void invalidate_tierRefusesTheKey_isGoneHereAllTheSame() {
        try (Caches caches = Caches.builder().remote(new OvertakingTier()).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("unwritable", key -> "unused");
            assertThat(cache.peek("unwritable")).isEqualTo("remote");

            assertThatThrownBy(() -> cache.invalidate("unwritable"))
                    .isExactlyInstanceOf(IllegalArgumentException.class);
            assertThat(cache.peek("unwritable")).isNull();
        }
    }
}
