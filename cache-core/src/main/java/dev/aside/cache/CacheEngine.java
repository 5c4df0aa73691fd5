package dev.aside.cache;

import dev.aside.cache.LoadStep.Place;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One cache with its types: what it does is done by {@link CacheReads}, {@link PutStep} and {@link Invalidator}, which
 * handle plain objects.
 *
 * <p>Thread-safe.
 */
final class CacheEngine<K, V> implements Cache<K, V> {
    private final String name;
    private final CacheContext context;
    private final CacheParts parts;
    private final CacheReads reads;
    private final OpenStep openStep;
    private final PutStep puts;
    private final Invalidator invalidator;

    CacheEngine(String name, CacheParts parts) {
        this.name = name;
        this.context = parts.context();
        this.parts = parts;
        this.invalidator = parts.invalidator();
        this.reads = new CacheReads(name, parts);
        this.openStep = new OpenStep(name, parts, reads);
        this.puts = new PutStep(name, parts);
    }

    @Override
    public String name() {
        return name;
    }

    CacheReads reads() {
        return reads;
    }

    PutStep puts() {
        return puts;
    }

    LocalLevel local() {
        return parts.local();
    }

    void countInvalidation() {
        parts.stats().invalidations.increment();
    }

    @Override
    public @Nullable V get(K key, Function<? super K, ? extends @Nullable V> loader) {
        Entry entry = reads.quick(key);
        return value(entry == null ? reads.read(key, one(loader)).value() : entry.value);
    }

    @Override
    public CompletableFuture<@Nullable V> getAsync(
            K key, Function<? super K, ? extends CompletionStage<? extends @Nullable V>> loader) {
        return Steps.map(reads.readAsync(key, oneAsync(loader)), served -> value(served.value()));
    }

    @Override
    public Map<K, V> getAll(
            Collection<? extends K> keys, Function<? super Set<K>, ? extends Map<K, ? extends V>> loader) {
        return values(reads.readAll(keys, many(loader)));
    }

    @Override
    public CompletableFuture<Map<K, V>> getAllAsync(
            Collection<? extends K> keys,
            Function<? super Set<K>, ? extends CompletionStage<? extends Map<K, ? extends V>>> loader) {
        return Steps.map(reads.readAllAsync(keys, missing -> loader.apply(keys(missing))), this::values);
    }

    @Override
    public OpenRead<V> open(K key) {
        Entry entry = reads.quick(key);
        if (entry != null) {
            return OpenRead.hit(value(entry.value));
        }
        context.callers().blocking().check(name, "Cache.openAsync");
        return context.await(executor -> openStep.open(key, this::value, Place.CALLER, executor));
    }

    @Override
    public CompletableFuture<OpenRead<V>> openAsync(K key) {
        return Steps.map(openStep.open(key, this::value, Place.ASYNC, context.threads()), read -> read);
    }

    @Override
    public OpenRead<V> lookup(K key) {
        Entry entry = reads.quick(key);
        if (entry != null) {
            return OpenRead.hit(value(entry.value));
        }
        invalidator.checkMayWait(name, "Cache.lookupAsync");
        return context.await(executor -> openStep.lookup(key, this::value, executor));
    }

    @Override
    public OpenRead<V> held(K key) {
        Entry entry = reads.quick(key);
        return entry == null ? OpenRead.nothing() : OpenRead.hit(value(entry.value));
    }

    @Override
    public CompletableFuture<OpenRead<V>> lookupAsync(K key) {
        return openStep.lookup(key, this::value, context.threads());
    }

    @Override
    public @Nullable V refresh(K key, Function<? super K, ? extends @Nullable V> loader) {
        return value(reads.refresh(key, one(loader)).value());
    }

    @Override
    public CompletableFuture<@Nullable V> refreshAsync(
            K key, Function<? super K, ? extends CompletionStage<? extends @Nullable V>> loader) {
        return Steps.map(reads.refreshAsync(key, oneAsync(loader)), served -> value(served.value()));
    }

    @Override
    public WarmUpProgress warmUp(
            Collection<? extends K> keys,
            int batchSize,
            Function<? super Set<K>, ? extends Map<K, ? extends V>> loader,
            Consumer<WarmUpProgress> progress) {
        BulkLoader many = many(loader);
        return new WarmUp(batchSize, progress)
                .run(
                        List.copyOf(new LinkedHashSet<>(keys)),
                        batch -> reads.readAll(batch, many).values());
    }

    @Override
    public @Nullable V peek(K key) {
        Entry entry = reads.peek(key);
        return entry == null ? null : value(entry.value);
    }

    @Override
    public Map<K, V> asMap() {
        return new LocalView<>(parts.local(), key -> peek(key(key)));
    }

    @Override
    public void put(K key, @Nullable V value) {
        write(key, () -> value, "Cache.putAsync");
    }

    @Override
    public CompletableFuture<Void> putAsync(K key, @Nullable V value) {
        return Steps.map(writeThroughAsync(key, () -> CompletableFuture.completedStage(value)), written -> null);
    }

    @Override
    public @Nullable V writeThrough(K key, Supplier<? extends @Nullable V> write) {
        return write(key, write, "Cache.writeThroughAsync");
    }

    private @Nullable V write(K key, Supplier<? extends @Nullable V> write, String instead) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(write, "write");
        invalidator.checkMayWait(name, instead);
        if (invalidator.transactions().putOff(invalidator, Scope.keys(name, List.of(key))) != null) {
            return write.get();
        }
        PutStep.Announced announced = context.await(executor -> puts.announce(key, executor));
        V value;
        try {
            value = write.get();
        } catch (Throwable failure) {
            // whatever it is: a supplier may throw checked exceptions too, though Java does not say so
            abandon(announced, failure);
            throw Failures.sneak(failure);
        }
        context.await(executor -> puts.store(announced, value, List.of(), executor));
        return value;
    }

    private void abandon(PutStep.Announced announced, Throwable failure) {
        try {
            context.await(executor -> puts.abandon(announced, executor));
        } catch (Throwable e) {
            Failures.suppress(failure, e);
        }
    }

    @Override
    public CompletableFuture<@Nullable V> writeThroughAsync(
            K key, Supplier<? extends CompletionStage<? extends @Nullable V>> write) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(write, "write");
        if (invalidator.transactions().putOff(invalidator, Scope.keys(name, List.of(key))) != null) {
            return Steps.begin(write::get);
        }
        return puts.through(key, write, context.threads());
    }

    @Override
    public void invalidate(K key) {
        invalidator.invalidate(Scope.keys(name, List.of(key)));
    }

    @Override
    public void invalidateAll(Collection<? extends K> keys) {
        invalidator.invalidate(Scope.keys(name, keys));
    }

    @Override
    public void invalidateAll() {
        invalidator.invalidate(new Scope.All(name));
    }

    @Override
    public void invalidateTag(String tag) {
        invalidator.invalidate(Scope.tags(name, List.of(Names.checkTag(tag))));
    }

    @Override
    public CompletableFuture<Void> invalidateAllAsync(Collection<? extends K> keys) {
        return invalidator.invalidateAsync(Scope.keys(name, keys));
    }

    @Override
    public CompletableFuture<Void> invalidateAllAsync() {
        return invalidator.invalidateAsync(new Scope.All(name));
    }

    @Override
    public CompletableFuture<Void> invalidateTagAsync(String tag) {
        return invalidator.invalidateAsync(Scope.tags(name, List.of(Names.checkTag(tag))));
    }

    @Override
    public void invalidateAndWait(Collection<? extends K> keys) {
        invalidator.checkMayWait(name, "Cache.invalidateAndWaitAsync");
        context.await(executor -> invalidator.startAndWait(Scope.keys(name, keys), executor));
    }

    @Override
    public CompletableFuture<Void> invalidateAndWaitAsync(Collection<? extends K> keys) {
        return invalidator.startAndWait(Scope.keys(name, keys), context.threads());
    }

    @Override
    public CacheStats stats() {
        return parts.stats().snapshot(parts.local().size());
    }

    @Override
    public TtlPolicy policy() {
        return parts.binding().get();
    }

    private BulkLoader one(Function<? super K, ? extends @Nullable V> loader) {
        return keys -> {
            K key = key(keys.get(0));
            return CompletableFuture.completedStage(Collections.singletonMap(key, loader.apply(key)));
        };
    }

    private BulkLoader many(Function<? super Set<K>, ? extends Map<K, ? extends V>> loader) {
        return missing -> CompletableFuture.completedStage(loader.apply(keys(missing)));
    }

    private BulkLoader oneAsync(Function<? super K, ? extends CompletionStage<? extends @Nullable V>> loader) {
        return keys -> {
            K wanted = key(keys.get(0));
            return loader.apply(wanted).thenApply(value -> Collections.singletonMap(wanted, value));
        };
    }

    private Set<K> keys(List<Object> raw) {
        Set<K> typed = new LinkedHashSet<>();
        raw.forEach(key -> typed.add(key(key)));
        return Collections.unmodifiableSet(typed);
    }

    private Map<K, V> values(Map<Object, Served> all) {
        Map<K, V> present = new LinkedHashMap<>();
        all.forEach((key, served) -> {
            V value = value(served.value());
            if (value != null) {
                present.put(key(key), value);
            }
        });
        return present;
    }

    /** Keys and values were typed when the cache was defined; inside, the engine handles plain objects. */
    @SuppressWarnings("unchecked")
    private K key(Object key) {
        return (K) key;
    }

    @SuppressWarnings("unchecked")
    private @Nullable V value(@Nullable Object value) {
        return (V) reads.copied(value);
    }
}
