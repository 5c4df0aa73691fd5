package dev.aside.spring.cache;

import dev.aside.cache.Caches;
import dev.aside.cache.InMemoryRemoteTier;
import dev.aside.cache.spi.TransactionBridge;
import org.jspecify.annotations.Nullable;

/** The set-ups that Spring's caches are tested in. */
enum Setup {
    LOCAL,
    REMOTE;

    Caches caches() {
        return caches(null);
    }

    Caches caches(@Nullable TransactionBridge bridge) {
        Caches.Builder builder = Caches.builder();
        if (bridge != null) {
            builder.transactions(bridge);
        }
        return this == LOCAL
                ? builder.build()
                : builder.remote(new InMemoryRemoteTier(System::nanoTime).node())
                        .build();
    }

    AsideCacheManager.Builder manager(Caches caches) {
        return AsideCacheManager.builder(caches);
    }
}
