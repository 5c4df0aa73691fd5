package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.spi.TransactionBridge;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Invalidations from actions that run after a commit, while the transaction still looks active. */
class LateInvalidationTest {

    private static final class Bridge implements TransactionBridge {
        final List<Runnable> afterCommit = new ArrayList<>();
        final List<Consumer<Completion>> afterCompletion = new ArrayList<>();
        boolean active = true;

        @Override
        public boolean active() {
            return active;
        }

        @Override
        public boolean readOnly() {
            return false;
        }

        @Override
        public Isolation isolation() {
            return Isolation.READ_COMMITTED;
        }

        @Override
        public Object transaction() {
            return this;
        }

        @Override
        public void beforeCommit(Runnable action) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void afterCommit(Runnable action) {
            afterCommit.add(action);
        }

        @Override
        public void afterCompletion(Consumer<Completion> action) {
            afterCompletion.add(action);
        }

        void commit() {
            for (int i = 0; i < afterCommit.size(); i++) {
                afterCommit.get(i).run();
            }
            active = false;
            List.copyOf(afterCompletion).forEach(action -> action.accept(Completion.COMMITTED));
        }
    }

    @Test
    void invalidate_afterOursRan_happensAtOnce() {
        Bridge bridge = new Bridge();
        bridge.active = false;
        try (Caches caches = Caches.builder().transactions(bridge).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("first", key -> "old");
            cache.get("late", key -> "old");
            bridge.active = true;
            cache.invalidate("first");
            bridge.afterCommit(() -> cache.invalidate("late"));
            bridge.commit();

            assertThat(cache.peek("first")).isNull();
            assertThat(cache.peek("late")).isNull();
        }
    }
}
