package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.Answer.Reason;
import dev.aside.cache.LoadStep.Place;
import dev.aside.cache.spi.RemoteCache;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of one cache. A read tries the local level first and leaves; otherwise it boards the key's flight, and
 * the one who takes off flies it through the {@link LoadPipeline}. Asynchronous inside: a blocking read lends the pipeline
 * its own thread and waits.
 *
 * <p>Thread-safe.
 */
final class CacheReads {
    private final String name;
    private final CacheContext context;
    private final Ticker clock;
    private final RemoteCache remote;
    private final LocalLevel local;
    private final LoadPipeline pipeline;
    private final PolicyBinding binding;
    private final StatsCounter stats;
    private final Transactions transactions;
    private final Listeners listeners;
    private final TransactionalRead transactionalRead;
    private final Invalidator invalidator;

    CacheReads(String name, CacheParts parts) {
        this.name = name;
        this.context = parts.context();
        this.clock = context.time().clock();
        this.remote = parts.remote();
        this.local = parts.local();
        this.binding = parts.binding();
        this.pipeline = new LoadPipeline(name, parts);
        this.stats = parts.stats();
        this.invalidator = parts.invalidator();
        this.transactions = context.callers().transactions();
        this.listeners = context.listeners();
        this.transactionalRead = new TransactionalRead(name, context, remote, stats);
    }

    /** The value for a reader: a copy, if the policy says so. */
    @Nullable Object copied(@Nullable Object value) {
        UnaryOperator<Object> copier = binding.get().copyOnRead();
        return copier == null || value == null ? value : copier.apply(value);
    }

    /** The entry of a plainly fresh key, counted; null means the long way. Allocates nothing. */
    @Nullable Entry quick(Object key) {
        // Guards against race: the log catches up and trust returns between the look at the entry and the question
        // (StaleFillTest.get_trustReturnsDuringRead_isNotServedWhatWasHeld). Trust first, here and below.
        if (!remote.trusted(key)) {
            return null;
        }
        Entry entry = local.get(key);
        if (entry == null) {
            return null;
        }
        long now = clock.read();
        if (now - entry.quickUntil >= 0 || transactions.touched(name, key)) {
            return null;
        }
        stats.localHits.increment();
        if (CacheProbe.anyOpen() || listeners.wantsReads()) {
            told(key, Served.local(entry, context.ticker().read(), Reason.FRESH));
        }
        return entry;
    }

    /** Reads one key, blocking. */
    Served read(Object key, BulkLoader loader) {
        if (transactions.apart(name, List.of(key))) {
            return Objects.requireNonNull(readAllApart(List.of(key), loader).get(key));
        }
        boolean trusted = remote.trusted(key);
        Served held = held(key, trusted, loader);
        if (held != null) {
            return held;
        }
        context.callers().blocking().check(name, "Cache.getAsync");
        Flight mine = newFlight(key);
        Flight flight = local.board(mine, other -> joinable(other, trusted));
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

    /** Reads one key without blocking. */
    CompletableFuture<Served> readAsync(Object key, BulkLoader loader) {
        if (transactions.apart(name, List.of(key))) {
            return Steps.map(
                    apart(List.of(key), loader, context.threads()), all -> Objects.requireNonNull(all.get(key)));
        }
        boolean trusted = remote.trusted(key);
        Served held = held(key, trusted, loader);
        if (held != null) {
            return CompletableFuture.completedFuture(held);
        }
        Flight mine = newFlight(key);
        Flight flight = local.board(mine, other -> joinable(other, trusted));
        if (flight == mine) {
            takeOff(List.of(mine), loader, Place.ASYNC, context.threads());
        } else {
            flight.refuseRecursion();
        }
        return Steps.map(flight.result, served -> told(key, served));
    }

    /** Reads many keys, blocking. */
    Map<Object, Served> readAll(Collection<?> keys, BulkLoader loader) {
        if (transactions.apart(name, keys)) {
            return readAllApart(keys, loader);
        }
        Boarding boarding = board(keys, loader, true);
        boolean timed = binding.get().timesLoads();
        if (timed) {
            takeOff(boarding.mine, loader, Place.TIMED, context.threads());
        } else {
            CallerExecutor caller = new CallerExecutor(context.threads());
            takeOff(boarding.mine, loader, Place.CALLER, caller);
            caller.runUntilDone(boarding.ownLanded());
        }
        Map<Object, Served> all = boarding.inOrder();
        boarding.flights.forEach((key, flight) ->
                all.put(key, told(key, !timed && boarding.mine.contains(flight) ? flight.landed() : flight.join())));
        return all;
    }

    /** Reads many keys without blocking. */
    CompletableFuture<Map<Object, Served>> readAllAsync(Collection<?> keys, BulkLoader loader) {
        if (transactions.apart(name, keys)) {
            return apart(keys, loader, context.threads());
        }
        Boarding boarding = board(keys, loader, false);
        takeOff(boarding.mine, loader, Place.ASYNC, context.threads());
        return Steps.map(boarding.allLanded(), landed -> {
            Map<Object, Served> all = boarding.inOrder();
            boarding.flights.forEach((key, flight) -> all.put(key, told(key, flight.landed())));
            return all;
        });
    }

    private Map<Object, Served> readAllApart(Collection<?> keys, BulkLoader loader) {
        context.callers().blocking().check(name, "Cache.getAllAsync");
        return context.await(caller -> apart(keys, loader, caller));
    }

    /** Reads for a transaction: what is held and valid, or else without keeping or sharing anything. */
    CompletableFuture<Map<Object, Served>> apart(Collection<?> keys, BulkLoader loader, Executor executor) {
        Map<Object, Served> all = new LinkedHashMap<>();
        List<Object> valid = new ArrayList<>();
        List<Object> touched = new ArrayList<>();
        for (Object key : new LinkedHashSet<>(keys)) {
            boolean changed = transactions.touched(name, key);
            Served held = changed ? null : heldAtOnce(key);
            all.put(key, held == null ? Served.PENDING : held);
            if (held == null) {
                (changed ? touched : valid).add(key);
            }
        }
        return Steps.map(transactionalRead.read(valid, touched, loader, executor), read -> {
            read.forEach((key, served) -> all.put(key, told(key, served)));
            return all;
        });
    }

    /** What is held and valid; begins no reload, which might run on this very thread, inside its transaction. */
    private @Nullable Served heldAtOnce(Object key) {
        boolean trusted = remote.trusted(key);
        Entry entry = local.get(key);
        long now = context.ticker().read();
        if (entry == null || !trusted || !Freshness.of(entry, now).servedAtOnce()) {
            return null;
        }
        boolean stale = now - entry.life.freshUntil() >= 0;
        stats.localHits.increment();
        if (stale) {
            stats.staleServed.increment();
        }
        return told(key, Served.local(entry, now, stale ? Reason.STALE_WHILE_REVALIDATE : Reason.FRESH));
    }

    void countRemoteHit() {
        stats.remoteHits.increment();
    }

    /** The entry if it is fresh, counted; begins no reload. */
    @Nullable Served fresh(Object key) {
        boolean trusted = remote.trusted(key);
        Entry entry = local.get(key);
        long now = context.ticker().read();
        if (entry == null || !trusted || now - entry.life.freshUntil() >= 0) {
            return null;
        }
        stats.localHits.increment();
        return told(key, Served.local(entry, now, Reason.FRESH));
    }

    /** What may be served at once; null if that is nothing. Counts as no read and loads nothing. */
    @Nullable Entry peek(Object key) {
        boolean trusted = remote.trusted(key);
        Entry entry = local.quietly(key);
        if (entry == null || !trusted || transactions.touched(name, key)) {
            return null;
        }
        return Freshness.of(entry, context.ticker().read()).servedAtOnce() ? entry : null;
    }

    /** Loads one key whatever is held, blocking. Loads that began before can no longer be kept. */
    Served refresh(Object key, BulkLoader loader) {
        context.callers().blocking().check(name, "Cache.refreshAsync");
        if (transactions.apart(name, List.of(key))) {
            return told(key, context.await(caller -> pastCaches(key, loader, caller)));
        }
        Flight mine = refreshing(key);
        if (binding.get().timesLoads()) {
            reload(mine, loader, Place.TIMED, context.threads());
            return told(key, settled(mine, mine.join()));
        }
        CallerExecutor caller = new CallerExecutor(context.threads());
        reload(mine, loader, Place.CALLER, caller);
        caller.runUntilDone(mine.result);
        return told(key, settled(mine, mine.landed()));
    }

    /** Another's load that outlived the wait began before ours and may yet be kept: it must not. */
    private Served settled(Flight mine, Served served) {
        if (served.reason() == Reason.BUSY) {
            invalidator.invalidateNow(Scope.keys(name, List.of(mine.key)));
        }
        return served;
    }

    /** As {@link #refresh}, without blocking. */
    CompletableFuture<Served> refreshAsync(Object key, BulkLoader loader) {
        if (transactions.apart(name, List.of(key))) {
            return Steps.map(pastCaches(key, loader, context.threads()), served -> told(key, served));
        }
        Flight mine = refreshing(key);
        reload(mine, loader, Place.ASYNC, context.threads());
        return Steps.compose(
                mine.result,
                served -> served.reason() == Reason.BUSY
                        ? Steps.map(
                                invalidator.start(Scope.keys(name, List.of(key)), List.of(), context.threads()),
                                gone -> told(key, served))
                        : CompletableFuture.completedFuture(told(key, served)));
    }

    /** What the transaction reads itself, whatever the caches hold. */
    private CompletableFuture<Served> pastCaches(Object key, BulkLoader loader, Executor executor) {
        return Steps.map(
                transactionalRead.read(List.of(), List.of(key), loader, executor),
                read -> Objects.requireNonNull(read.get(key)));
    }

    /** A flight of its own, which nobody joins: readers are served what is held meanwhile, and a failure is not theirs. */
    private Flight refreshing(Object key) {
        return new Flight(
                name,
                key,
                new Flight.Start(local.disownLoads(key), context.ticker().read(), null),
                Flight.Kind.REFRESH);
    }

    private void reload(Flight mine, BulkLoader loader, Place place, Executor executor) {
        pipeline.reload(new LoadStep.Batch(List.of(mine), loader, place, executor));
    }

    private Boarding board(Collection<?> keys, BulkLoader loader, boolean blocking) {
        Boarding boarding = new Boarding();
        try {
            for (Object key : new LinkedHashSet<>(keys)) {
                board(
                        Objects.requireNonNull(key, () -> "a key is null, for cache '" + name + "'"),
                        boarding,
                        loader,
                        blocking);
            }
        } catch (RuntimeException | Error failure) {
            // nobody will fly them: who joined meanwhile must not wait for ever
            boarding.mine.forEach(flight -> {
                local.land(flight);
                flight.result.completeExceptionally(failure);
            });
            throw failure;
        }
        return boarding;
    }

    private void board(Object key, Boarding boarding, BulkLoader loader, boolean blocking) {
        boolean trusted = remote.trusted(key);
        Served held = held(key, trusted, loader);
        boarding.held.put(key, held == null ? Served.PENDING : held);
        if (held != null) {
            return;
        }
        if (blocking && boarding.flights.isEmpty()) {
            context.callers().blocking().check(name, "Cache.getAllAsync");
        }
        Flight mine = newFlight(key);
        Flight flight = local.board(mine, other -> joinable(other, trusted));
        boarding.flights.put(key, flight);
        if (flight == mine) {
            boarding.mine.add(mine);
        } else {
            flight.refuseRecursion();
        }
    }

    /** Flies for a caller who runs the method itself: nobody joins it, and an old value is no answer. */
    Flight open(Object key, BulkLoader loader, Place place, Executor executor) {
        Flight mine = new Flight(
                name, key, new Flight.Start(local.mark(key), context.ticker().read(), null), Flight.Kind.OPEN);
        pipeline.open(new LoadStep.Batch(List.of(mine), loader, place, executor));
        return mine;
    }

    private Flight newFlight(Object key) {
        return new Flight(
                name,
                key,
                new Flight.Start(local.mark(key), context.ticker().read(), local.quietly(key)),
                Flight.Kind.READERS);
    }

    /**
     * A flight may be joined if it began recently enough to have seen every invalidation the promise counts.
     *
     * <p>Guards against race: trust that returns while the flight is looked up; it was asked for before
     * (StaleFillTest.get_trustReturnsDuringRead_doesNotJoinOldLoad)
     */
    private boolean joinable(Flight flight, boolean trusted) {
        if (flight.standsIn()) {
            return trusted && flight.mayStandIn(context.ticker().read());
        }
        return trusted
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
        boolean trusted = remote.trusted(flight.key);
        Entry entry = local.quietly(flight.key);
        long now = context.ticker().read();
        if (entry == null || !trusted || now - entry.quickUntil >= 0) {
            return null;
        }
        stats.localHits.increment();
        return Served.local(entry, now, Reason.FRESH);
    }

    /** What the process holds and may serve at once; begins a reload behind the reader where one is due. */
    private @Nullable Served held(Object key, boolean trusted, BulkLoader loader) {
        Entry entry = local.get(key);
        if (entry == null) {
            return null;
        }
        long now = context.ticker().read();
        Freshness freshness = Freshness.of(entry, now);
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

    private Served heldFresh(Object key, Entry entry, Freshness freshness, long now, BulkLoader loader) {
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

    Served told(Object key, Served served) {
        if (CacheProbe.anyOpen() || listeners.wantsReads()) {
            Answer answer = served.answer(name);
            CacheProbe.record(answer);
            if (listeners.wantsReads()) {
                listeners.publish(new CacheEvent.Read(name, key, answer));
            }
        }
        return served;
    }
}
