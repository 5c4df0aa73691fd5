package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.Answer.Reason;
import dev.aside.cache.LoadStep.Place;
import dev.aside.cache.spi.RemoteCache;
import java.util.ArrayList;
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
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one cache. A read tries the local level first and leaves; otherwise it boards the key's flight, and the
 * one who takes off flies it through the {@link LoadPipeline}. Asynchronous inside: a blocking read lends the pipeline
 * its own thread and waits.
 *
 * <p>Thread-safe.
 */
final class CacheEngine<K, V> implements Cache<K, V> {
    private final String name;
    private final CacheContext context;
    private final Ticker clock;
    private final RemoteCache remote;
    private final LocalLevel local;
    private final LoadPipeline pipeline;
    private final Invalidator invalidator;
    private final PolicyBinding binding;
    private final StatsCounter stats;
    private final Transactions transactions;
    private final TransactionalRead transactionalRead;

    /** The parts of an engine, made by {@link CacheRegistry}. */
    record Parts(
            CacheContext context,
            RemoteCache remote,
            LocalLevel local,
            Invalidator invalidator,
            PolicyBinding binding) {}

    CacheEngine(String name, Parts parts) {
        this.name = name;
        this.context = parts.context;
        this.clock = context.time().clock();
        this.remote = parts.remote;
        this.local = parts.local;
        this.invalidator = parts.invalidator;
        this.binding = parts.binding;
        this.pipeline = new LoadPipeline(name, context, remote, local, binding);
        this.stats = pipeline.stats();
        this.transactions = context.callers().transactions();
        this.transactionalRead = new TransactionalRead(name, context, remote, stats);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable V get(K key, Function<? super K, ? extends @Nullable V> loader) {
        Entry entry = quick(key);
        return value(entry == null ? read(key, one(loader)).value() : entry.value);
    }

    /** The value for a reader: a copy, if the policy says so. */
    @Nullable Object copied(@Nullable Object value) {
        UnaryOperator<Object> copier = binding.get().copyOnRead();
        return copier == null || value == null ? value : copier.apply(value);
    }

    /** The entry of a plainly fresh key, counted; null means the long way. Allocates nothing. */
    @Nullable Entry quick(K key) {
        Entry entry = local.get(key);
        if (entry == null || clock.read() - entry.quickUntil >= 0 || !remote.trusted(key)) {
            return null;
        }
        if (transactions.touched(name, key)) {
            return null;
        }
        stats.localHits.increment();
        if (CacheProbe.anyOpen() || context.listeners().wantsReads()) {
            told(key, Served.local(entry, context.ticker().read(), Reason.FRESH));
        }
        return entry;
    }

    /** Reads one key, blocking. */
    Served read(K key, BulkLoader loader) {
        if (transactions.apart(name, List.of(key))) {
            return Objects.requireNonNull(readAllApart(List.of(key), loader).get(key));
        }
        Served held = held(key, loader);
        if (held != null) {
            return held;
        }
        context.callers().blocking().check(name, "Cache.getAsync");
        Flight mine = newFlight(key);
        Flight flight = local.board(mine, this::joinable);
        if (flight != mine) {
            return told(key, flight.join());
        }
        if (binding.get().timesLoads()) {
            takeOff(List.of(mine), loader, Place.TIMED, context.threads());
            return told(key, mine.join());
        }
        CallerExecutor caller = new CallerExecutor(context.threads());
        takeOff(List.of(mine), loader, Place.CALLER, caller);
        caller.runUntilDone(mine.result);
        return told(key, mine.landed());
    }

    @Override
    public CompletableFuture<@Nullable V> getAsync(
            K key, Function<? super K, ? extends CompletionStage<? extends @Nullable V>> loader) {
        BulkLoader one = keys -> {
            K wanted = key(keys.get(0));
            return loader.apply(wanted).thenApply(value -> Collections.singletonMap(wanted, value));
        };
        return Steps.map(readAsync(key, one), served -> value(served.value()));
    }

    /** Reads one key without blocking. */
    CompletableFuture<Served> readAsync(K key, BulkLoader loader) {
        if (transactions.apart(name, List.of(key))) {
            return Steps.map(
                    apart(List.of(key), loader, context.threads()), all -> Objects.requireNonNull(all.get(key)));
        }
        Served held = held(key, loader);
        if (held != null) {
            return CompletableFuture.completedFuture(held);
        }
        Flight mine = newFlight(key);
        Flight flight = local.board(mine, this::joinable);
        if (flight == mine) {
            takeOff(List.of(mine), loader, Place.ASYNC, context.threads());
        } else {
            flight.refuseRecursion();
        }
        return Steps.map(flight.result, served -> told(key, served));
    }

    @Override
    public Map<K, V> getAll(
            Collection<? extends K> keys, Function<? super Set<K>, ? extends Map<K, ? extends V>> loader) {
        return values(readAll(keys, missing -> CompletableFuture.completedStage(loader.apply(keys(missing)))));
    }

    /** Reads many keys, blocking. */
    Map<K, Served> readAll(Collection<? extends K> keys, BulkLoader loader) {
        if (transactions.apart(name, keys)) {
            return readAllApart(keys, loader);
        }
        Boarding<K> boarding = board(keys, loader, true);
        boolean timed = binding.get().timesLoads();
        if (timed) {
            takeOff(boarding.mine, loader, Place.TIMED, context.threads());
        } else {
            CallerExecutor caller = new CallerExecutor(context.threads());
            takeOff(boarding.mine, loader, Place.CALLER, caller);
            caller.runUntilDone(boarding.ownLanded());
        }
        Map<K, Served> all = boarding.inOrder();
        boarding.flights.forEach((key, flight) ->
                all.put(key, told(key, !timed && boarding.mine.contains(flight) ? flight.landed() : flight.join())));
        return all;
    }

    @Override
    public CompletableFuture<Map<K, V>> getAllAsync(
            Collection<? extends K> keys,
            Function<? super Set<K>, ? extends CompletionStage<? extends Map<K, ? extends V>>> loader) {
        return Steps.map(readAllAsync(keys, missing -> loader.apply(keys(missing))), this::values);
    }

    /** Reads many keys without blocking. */
    CompletableFuture<Map<K, Served>> readAllAsync(Collection<? extends K> keys, BulkLoader loader) {
        if (transactions.apart(name, keys)) {
            return apart(keys, loader, context.threads());
        }
        Boarding<K> boarding = board(keys, loader, false);
        takeOff(boarding.mine, loader, Place.ASYNC, context.threads());
        return Steps.map(boarding.allLanded(), landed -> {
            Map<K, Served> all = boarding.inOrder();
            boarding.flights.forEach((key, flight) -> all.put(key, told(key, flight.landed())));
            return all;
        });
    }

    private Map<K, Served> readAllApart(Collection<? extends K> keys, BulkLoader loader) {
        context.callers().blocking().check(name, "Cache.getAllAsync");
        CallerExecutor caller = new CallerExecutor(context.threads());
        CompletableFuture<Map<K, Served>> all = apart(keys, loader, caller);
        caller.runUntilDone(all);
        try {
            return all.getNow(Map.of());
        } catch (RuntimeException e) {
            throw Failures.sneak(Failures.unwrap(e));
        }
    }

    /** Reads for a transaction: what is held and valid, or else without keeping or sharing anything. */
    private CompletableFuture<Map<K, Served>> apart(
            Collection<? extends K> keys, BulkLoader loader, Executor executor) {
        Map<K, Served> all = new LinkedHashMap<>();
        List<Object> valid = new ArrayList<>();
        List<Object> touched = new ArrayList<>();
        for (K key : new LinkedHashSet<>(keys)) {
            boolean changed = transactions.touched(name, key);
            Served held = changed ? null : heldAtOnce(key);
            all.put(key, held == null ? Served.PENDING : held);
            if (held == null) {
                (changed ? touched : valid).add(key);
            }
        }
        return Steps.map(transactionalRead.read(valid, touched, loader, executor), read -> {
            read.forEach((key, served) -> all.put(key(key), told(key(key), served)));
            return all;
        });
    }

    /** What is held and valid; begins no reload, which might run on this very thread, inside its transaction. */
    private @Nullable Served heldAtOnce(K key) {
        Entry entry = local.get(key);
        long now = context.ticker().read();
        if (entry == null || !remote.trusted(key) || !Freshness.of(entry, now).servedAtOnce()) {
            return null;
        }
        boolean stale = now - entry.freshUntil >= 0;
        stats.localHits.increment();
        if (stale) {
            stats.staleServed.increment();
        }
        return told(key, Served.local(entry, now, stale ? Reason.STALE_WHILE_REVALIDATE : Reason.FRESH));
    }

    @Override
    public @Nullable V peek(K key) {
        Entry entry = local.get(key);
        if (entry == null || transactions.touched(name, key) || !remote.trusted(key)) {
            return null;
        }
        Freshness freshness = Freshness.of(entry, context.ticker().read());
        return freshness.servedAtOnce() ? value(entry.value) : null;
    }

    @Override
    public void invalidate(K key) {
        invalidator.invalidate(name, List.of(key));
    }

    @Override
    public void invalidateAll(Collection<? extends K> keys) {
        invalidator.invalidate(name, List.copyOf(keys));
    }

    @Override
    public void invalidateAll() {
        invalidator.clear(name);
    }

    @Override
    public CompletableFuture<Void> invalidateAllAsync(Collection<? extends K> keys) {
        return invalidator.invalidateAsync(name, List.copyOf(keys));
    }

    @Override
    public CompletableFuture<Void> invalidateAllAsync() {
        return invalidator.clearAsync(name);
    }

    @Override
    public CacheStats stats() {
        return stats.snapshot(local.size());
    }

    @Override
    public TtlPolicy policy() {
        return binding.get();
    }

    LocalLevel local() {
        return local;
    }

    void countInvalidation() {
        stats.invalidations.increment();
    }

    private Boarding<K> board(Collection<? extends K> keys, BulkLoader loader, boolean blocking) {
        Boarding<K> boarding = new Boarding<>();
        for (K key : new LinkedHashSet<>(keys)) {
            Served held = held(key, loader);
            boarding.held.put(key, held == null ? Served.PENDING : held);
            if (held != null) {
                continue;
            }
            if (blocking && boarding.flights.isEmpty()) {
                context.callers().blocking().check(name, "Cache.getAllAsync");
            }
            Flight mine = newFlight(key);
            Flight flight = local.board(mine, this::joinable);
            boarding.flights.put(key, flight);
            if (flight == mine) {
                boarding.mine.add(mine);
            } else {
                flight.refuseRecursion();
            }
        }
        return boarding;
    }

    private Flight newFlight(Object key) {
        return new Flight(name, key, local.mark(key), context.ticker().read(), local.quietly(key), false);
    }

    /** A flight may be joined if it began recently enough to have seen every invalidation the promise counts. */
    private boolean joinable(Flight flight) {
        if (flight.standsIn()) {
            return remote.trusted(flight.key)
                    && flight.mayStandIn(context.ticker().read());
        }
        return remote.trusted(flight.key)
                || context.ticker().read() - flight.startedAt
                        <= context.remote().staleBound().toNanos();
    }

    private void takeOff(Collection<Flight> mine, BulkLoader loader, Place place, Executor executor) {
        List<Flight> flights = new ArrayList<>(mine.size());
        for (Flight flight : mine) {
            // Guards against race: another flight landed between the miss and boarding (SingleFlightTest)
            Served held = heldPlainly(flight);
            if (held == null) {
                flights.add(flight);
            } else {
                local.land(flight);
                flight.result.complete(held);
            }
        }
        if (!flights.isEmpty()) {
            pipeline.fly(new LoadStep.Batch(flights, loader, place, executor));
        }
    }

    private @Nullable Served heldPlainly(Flight flight) {
        Entry entry = local.quietly(flight.key);
        long now = context.ticker().read();
        if (entry == null || now - entry.quickUntil >= 0 || !remote.trusted(flight.key)) {
            return null;
        }
        stats.localHits.increment();
        return Served.local(entry, now, Reason.FRESH);
    }

    /** What the process holds and may serve at once; begins a reload behind the reader where one is due. */
    private @Nullable Served held(K key, BulkLoader loader) {
        Entry entry = local.get(key);
        if (entry == null) {
            return null;
        }
        long now = context.ticker().read();
        Freshness freshness = Freshness.of(entry, now);
        boolean trusted = remote.trusted(key);
        if (trusted && freshness.servedAtOnce()) {
            return heldFresh(key, entry, freshness, now, loader);
        }
        if (entry.backingOff(now) && StaleRule.mayServeAfterError(entry, now, binding.get(), trusted)) {
            stats.localHits.increment();
            stats.staleServed.increment();
            return told(key, Served.local(entry, now, Reason.STALE_IF_ERROR));
        }
        return null;
    }

    private Served heldFresh(K key, Entry entry, Freshness freshness, long now, BulkLoader loader) {
        stats.localHits.increment();
        if (freshness == Freshness.FRESH) {
            return told(key, Served.local(entry, now, Reason.FRESH));
        }
        if (!entry.backingOff(now)) {
            pipeline.reloadBehind(key, entry, loader);
        }
        if (freshness == Freshness.REFRESH_AHEAD) {
            return told(key, Served.local(entry, now, Reason.REFRESH_AHEAD));
        }
        stats.staleServed.increment();
        return told(key, Served.local(entry, now, Reason.STALE_WHILE_REVALIDATE));
    }

    private Served told(K key, Served served) {
        if (CacheProbe.anyOpen() || context.listeners().wantsReads()) {
            Answer answer = served.answer(name);
            CacheProbe.record(answer);
            if (context.listeners().wantsReads()) {
                context.listeners().publish(new CacheEvent.Read(name, key, answer));
            }
        }
        return served;
    }

    private BulkLoader one(Function<? super K, ? extends @Nullable V> loader) {
        return keys -> {
            K key = key(keys.get(0));
            return CompletableFuture.completedStage(Collections.singletonMap(key, loader.apply(key)));
        };
    }

    private Set<K> keys(List<Object> raw) {
        Set<K> typed = new LinkedHashSet<>();
        raw.forEach(key -> typed.add(key(key)));
        return Collections.unmodifiableSet(typed);
    }

    private Map<K, V> values(Map<K, Served> all) {
        Map<K, V> present = new LinkedHashMap<>();
        all.forEach((key, served) -> {
            V value = value(served.value());
            if (value != null) {
                present.put(key, value);
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
        return (V) copied(value);
    }
}
