package dev.aside.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.InMemoryRemoteTier;
import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.NodeCache;
import dev.aside.cache.spi.RemoteCache;
import dev.aside.cache.spi.RemoteTier;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A tier that takes the invalidation of keys and answers it by hand. */
final class SlowTier implements RemoteTier {
    private final RemoteTier tier = new InMemoryRemoteTier().node();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<Void> answer = new CompletableFuture<>();

    void awaitInvalidation() throws InterruptedException {
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    }

    void answer() {
        answer.complete(null);
    }

    @Override
    public CompletionStage<Delivery> invalidate(String cache, Collection<?> keys) {
        asked.countDown();
        return answer.thenCompose(nothing -> tier.invalidate(cache, keys));
    }

    @Override
    public RemoteCache open(CacheSpec spec, NodeCache node) {
        return tier.open(spec, node);
    }

    @Override
    public CompletionStage<Delivery> clear(String cache) {
        return tier.clear(cache);
    }

    @Override
    public Duration staleBound() {
        return tier.staleBound();
    }

    @Override
    public void close() {
        tier.close();
    }
}
