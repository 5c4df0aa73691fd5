package dev.aside.cache;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.NodeCache;
import dev.aside.cache.spi.RemoteCache;
import dev.aside.cache.spi.RemoteTier;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A tier that cannot be reached for the announcement of one key. */
record RefusingTier(RemoteTier tier, Object key) implements RemoteTier {
    @Override
    public CompletionStage<List<Intent>> announce(String cache, List<?> keys) {
        return keys.contains(key) ? CompletableFuture.completedStage(List.of()) : tier.announce(cache, keys);
    }

    @Override
    public RemoteCache open(CacheSpec spec, NodeCache node) {
        return tier.open(spec, node);
    }

    @Override
    public CompletionStage<Delivery> invalidate(String cache, Collection<?> keys) {
        return tier.invalidate(cache, keys);
    }

    @Override
    public CompletionStage<Delivery> end(List<Intent> intents) {
        return tier.end(intents);
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
