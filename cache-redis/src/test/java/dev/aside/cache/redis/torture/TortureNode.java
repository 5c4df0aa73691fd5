package dev.aside.cache.redis.torture;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.InvalidationPendingException;
import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/** A node under torture: all kinds of caches in front of the store, and everything it does taken down. Thread-safe. */
final class TortureNode implements AutoCloseable {
    static final Duration BOUND = Duration.ofSeconds(1);
    static final Duration TIMEOUT = Duration.ofMillis(250);
    static final Duration LEASE = Duration.ofMillis(400);
    static final Duration GUARD = Duration.ofSeconds(3);

    final int number;
    final RedisTier tier;
    final LoaderFaults loaderFaults = new LoaderFaults();
    private final AtomicLong readsDenied = new AtomicLong();
    private final AtomicLong gaps = new AtomicLong();
    private final Store store;
    private final Recorder recorder;
    private final Caches caches;
    private final Map<Kind, Cache<String, Item>> byKind = new EnumMap<>(Kind.class);

    TortureNode(int number, String uri, Store store, Recorder recorder) {
        this.number = number;
        this.store = store;
        this.recorder = recorder;
        this.tier = RedisTier.builder()
                .uri(uri)
                .namespace("torture")
                .commandTimeout(TIMEOUT)
                .staleBound(BOUND)
                .lease(LEASE)
                .writeGuard(GUARD)
                .listener(this::on)
                .build();
        Caches.Builder builder = Caches.builder().remote(tier);
        for (Kind kind : Kind.values()) {
            builder.policy(kind.policy());
        }
        this.caches = builder.build();
        for (Kind kind : Kind.values()) {
            byKind.put(kind, caches.cache(kind.cache(), String.class, Item.class, kind.cache()));
        }
    }

    private void on(RedisTierEvent event) {
        if (event instanceof RedisTierEvent.ReadFailed || event instanceof RedisTierEvent.Breaker) {
            readsDenied.incrementAndGet();
        } else if (event instanceof RedisTierEvent.Gap) {
            gaps.incrementAndGet();
        }
    }

    long readsDenied() {
        return readsDenied.get();
    }

    /** How often it lost its place in the log. */
    long gaps() {
        return gaps.get();
    }

    private Cache<String, Item> cache(Kind kind) {
        return Objects.requireNonNull(byKind.get(kind));
    }

    private Item load(String key) {
        return loaderFaults.answer(new Item(key, store.version(key)));
    }

    /** Reads a key; the version, or what stands for none. */
    long read(String key) {
        return read(List.of(key), () -> {
                    Item item = cache(Kind.of(key)).get(key, this::load);
                    return item == null ? Map.of() : Map.of(key, item);
                })
                .get(key);
    }

    void readAsync(String key) {
        read(List.of(key), () -> {
            Item item = cache(Kind.of(key))
                    .getAsync(key, k -> CompletableFuture.completedFuture(load(k)))
                    .join();
            return item == null ? Map.of() : Map.of(key, item);
        });
    }

    /** Reads keys of one kind in one go. */
    void readAll(List<String> keys) {
        read(
                keys,
                () -> cache(Kind.of(keys.get(0))).getAll(keys, missing -> {
                    Map<String, Item> found = new HashMap<>();
                    missing.forEach(key -> found.put(key, load(key)));
                    found.values().removeIf(Objects::isNull);
                    return found;
                }));
    }

    private interface Reading {
        Map<String, Item> go();
    }

    private Map<String, Long> read(Collection<String> keys, Reading reading) {
        Map<String, Long> versions = new LinkedHashMap<>();
        long start = System.nanoTime();
        try {
            Map<String, Item> found = reading.go();
            keys.forEach(key -> versions.put(key, version(key, found.get(key))));
        } catch (RuntimeException e) {
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            if (!(cause instanceof LoaderFaults.LoadFault)) {
                recorder.unexpected(Oracle.O3, "a read of " + keys + " failed: " + cause);
            }
            keys.forEach(key -> versions.put(key, Recorder.FAILED));
        }
        long end = System.nanoTime();
        versions.forEach((key, version) -> recorder.read(new Recorder.Read(number, key, start, end, version)));
        return versions;
    }

    private long version(String key, Item item) {
        if (item != null && !item.key().equals(key)) {
            recorder.unexpected(Oracle.O3, key + " is answered with " + item);
        }
        return item == null ? Recorder.NOTHING : item.version();
    }

    /** Writes keys of one kind, and invalidates them in one go. */
    void write(List<String> keys) {
        Map<String, Long> versions = new LinkedHashMap<>();
        keys.forEach(key -> versions.put(key, store.commit(key)));
        Cache<String, Item> cache = cache(Kind.of(keys.get(0)));
        invalidate(versions, () -> cache.invalidateAll(keys));
    }

    /** Writes a key, and invalidates all of its kind. */
    void writeAndClear(String key) {
        store.commit(key);
        Map<String, Long> versions = new LinkedHashMap<>();
        Kind kind = Kind.of(key);
        kind.keys().forEach(one -> versions.put(one, store.version(one)));
        invalidate(versions, cache(kind)::invalidateAll);
    }

    /** Writes a key, and invalidates the third of its kind that shares its tag. */
    void writeAndInvalidateTag(String key) {
        store.commit(key);
        Map<String, Long> versions = new LinkedHashMap<>();
        Kind kind = Kind.of(key);
        String tag = Kind.tag(key);
        kind.keys().stream()
                .filter(one -> Kind.tag(one).equals(tag))
                .forEach(one -> versions.put(one, store.version(one)));
        invalidate(versions, () -> cache(kind).invalidateTag(tag));
    }

    /** Writes a key through the cache, which keeps what was written if nobody else writes at the same time. */
    void writeThrough(String key) {
        Map<String, Long> versions = new LinkedHashMap<>();
        invalidate(
                versions,
                () -> cache(Kind.of(key)).writeThrough(key, () -> {
                    long version = store.commit(key);
                    versions.put(key, version);
                    return new Item(key, version);
                }));
    }

    private void invalidate(Map<String, Long> versions, Runnable call) {
        long start = System.nanoTime();
        boolean pending = false;
        try {
            call.run();
        } catch (InvalidationPendingException e) {
            pending = true;
        } catch (RuntimeException e) {
            recorder.unexpected(Oracle.O5, "an invalidation neither returned nor was pending: " + e);
            return;
        }
        long end = System.nanoTime();
        for (Map.Entry<String, Long> version : versions.entrySet()) {
            recorder.invalidated(
                    new Recorder.Invalidated(number, version.getKey(), version.getValue(), start, end, pending));
        }
    }

    /** Invalidates keys that nobody reads; not taken down. */
    void flood(List<String> keys) {
        caches.invalidateAsync(Kind.LONG.cache(), keys)
                .exceptionally(pending -> null)
                .join();
    }

    @Override
    public void close() {
        caches.close();
    }
}
