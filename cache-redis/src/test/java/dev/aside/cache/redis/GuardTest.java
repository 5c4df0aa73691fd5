package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class GuardTest {
    private final List<RedisTierEvent> events = new CopyOnWriteArrayList<>();
    private final Guard guard = new Guard("test", new Events(List.of(events::add), "test"));

    private void fail(int reads) {
        for (int i = 0; i < reads; i++) {
            assertThat(guard.permits()).isTrue();
            guard.failed(1, new IllegalStateException("no answer"));
        }
    }

    @Test
    void permits_afterFailures_isFalseForAWhileThenTried() {
        fail(10);
        assertThat(guard.permits()).isFalse();

        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .until(guard::permits);
        guard.succeeded(1);
        assertThat(guard.permits()).isTrue();
        guard.succeeded(1);
        assertThat(guard.permits()).isTrue();
        guard.succeeded(1);

        fail(9);
        assertThat(guard.permits()).isTrue();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> events.equals(List.of(
                        new RedisTierEvent.Breaker("OPEN"),
                        new RedisTierEvent.Breaker("HALF_OPEN"),
                        new RedisTierEvent.Breaker("CLOSED"))));
    }

    @Test
    void unused_permission_countsAsNothing() {
        for (int i = 0; i < 100; i++) {
            assertThat(guard.permits()).isTrue();
            guard.unused();
        }
        fail(9);
        assertThat(guard.permits()).isTrue();
    }
}
