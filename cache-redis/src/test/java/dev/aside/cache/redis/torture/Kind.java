package dev.aside.cache.redis.torture;

import dev.aside.cache.TtlPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The caches of a torture, one per way to live. */
enum Kind {
    /** What is stuck here stays. */
    LONG(Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO),
    SHORT(Duration.ofMillis(1200), Duration.ZERO, Duration.ZERO),
    AHEAD(Duration.ofMillis(1200), Duration.ZERO, Duration.ZERO),
    REVALIDATED(Duration.ofMillis(800), Duration.ofMillis(800), Duration.ofMillis(500));

    private static final int KEYS = 12;

    private final Duration ttl;
    private final Duration stale;
    private final Duration wait;

    Kind(Duration ttl, Duration stale, Duration wait) {
        this.ttl = ttl;
        this.stale = stale;
        this.wait = wait;
    }

    /** The cache's name, and that of its policy. */
    String cache() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<String> keys() {
        return IntStream.range(0, KEYS).mapToObj(i -> cache() + i).toList();
    }

    /** The tag that a key shares with a third of its kind. */
    static String tag(String key) {
        return "group" + Integer.parseInt(key.replaceAll("\\D", "")) % 3;
    }

    static Kind of(String key) {
        for (Kind kind : values()) {
            if (key.startsWith(kind.cache())) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no cache has the key " + key);
    }

    /** How long a value may be given out after it was loaded. */
    Duration life() {
        return ttl.plus(stale);
    }

    /** How long a reader may wait for another node's load. */
    Duration clusterWait() {
        return wait;
    }

    TtlPolicy policy() {
        TtlPolicy.Builder policy = TtlPolicy.named(cache())
                .ttl(ttl)
                .jitter(0)
                .staleWhileRevalidate(stale)
                .tagsFrom(item -> List.of(tag(((Item) item).key())));
        if (this == AHEAD) {
            policy.refreshAhead(0.5);
        }
        if (this == REVALIDATED) {
            policy.singleFlight(TtlPolicy.SingleFlight.CLUSTER).clusterWait(wait);
        }
        return policy.build();
    }
}
