package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;

/** The set-ups most tests run in. */
enum Level {
    /** Caffeine only. */
    LOCAL {
        @Override
        Caches.Builder caches(Ticker ticker) {
            return Caches.builder().ticker(ticker).random(() -> 0);
        }
    },
    /** Caffeine over a remote tier in memory. */
    REMOTE {
        @Override
        Caches.Builder caches(Ticker ticker) {
            return LOCAL.caches(ticker).remote(new InMemoryRemoteTier(ticker).node());
        }
    };

    abstract Caches.Builder caches(Ticker ticker);

    Caches.Builder caches() {
        return caches(Ticker.systemTicker());
    }
}
