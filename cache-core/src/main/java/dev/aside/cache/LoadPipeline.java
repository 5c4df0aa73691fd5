package dev.aside.cache;

import dev.aside.cache.Answer.Level;
import dev.aside.cache.Answer.Reason;
import dev.aside.cache.TtlPolicy.SingleFlight;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.RemoteCache;
import dev.aside.cache.spi.RemoteValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of a batch of flights from take-off to landing, one key being a batch of one:
 *
 * <pre>
 *   lookup -> hits land
 *          -> the others are loaded in one call -> fill -> those whose fill was taken are put -> land
 *                                               -> a failure: land with the old value if the policy allows it
 * </pre>
 *
 * <p>Thread-safe and stateless. Every flight lands, whatever happens on the way. Each step runs on the thread that ended
 * the step before if that is the caller's, or else on the executor given.
 */
final class LoadPipeline {
    private final String cache;
    private final CacheContext context;
    private final RemoteCache remote;
    private final LocalLevel local;
    private final Supplier<TtlPolicy> policy;
    private final StatsCounter stats = new StatsCounter();

    LoadPipeline(String cache, CacheContext context, RemoteCache remote, LocalLevel local, Supplier<TtlPolicy> policy) {
        this.cache = cache;
        this.context = context;
        this.remote = remote;
        this.local = local;
        this.policy = policy;
    }

    StatsCounter stats() {
        return stats;
    }

    /** Flies a batch. Returns at once or when the flights have landed, as the executor allows. */
    void fly(List<Flight> flights, BulkLoader loader, Executor executor) {
        fly(flights, loader, request(0), executor);
    }

    /** Begins to reload a value that readers are being served meanwhile, unless that is under way already. */
    void reloadBehind(Object key, Entry entry, BulkLoader loader) {
        Flight flight = new Flight(cache, key, local.mark(key), context.ticker().read(), entry, true);
        if (local.get(key) != entry || !local.boardIfFree(flight)) {
            return;
        }
        if (!context.threads().mayReload()) {
            land(flight, Served.local(entry, context.ticker().read(), Reason.STALE_WHILE_REVALIDATE));
            context.listeners().publish(new CacheEvent.RefreshSkipped(cache, key));
            return;
        }
        flight.result.whenComplete((served, failure) -> context.threads().reloadDone());
        LookupRequest request = request(Lifetime.refreshBelowNanos(policy.get()));
        context.threads().execute(() -> fly(List.of(flight), loader, request, context.threads()));
    }

    private LookupRequest request(long refreshBelowNanos) {
        TtlPolicy ttl = policy.get();
        long wait =
                ttl.singleFlight() == SingleFlight.CLUSTER ? ttl.clusterWait().toNanos() : 0;
        return refreshBelowNanos == 0 && wait == 0 ? LookupRequest.READ : new LookupRequest(refreshBelowNanos, wait);
    }

    private void fly(List<Flight> flights, BulkLoader loader, LookupRequest request, Executor executor) {
        Batch batch = new Batch(flights, loader, executor);
        guarded(flights, () -> {
            long sentAt = context.ticker().read();
            List<Object> keys = flights.stream().map(flight -> flight.key).toList();
            Steps.then(
                    remote.lookup(keys, request),
                    executor,
                    (found, failure) -> guarded(flights, () -> sort(batch, found, failure, sentAt)));
        });
    }

    private record Batch(List<Flight> flights, BulkLoader loader, Executor executor) {}

    /** A flight that has to load, with what its lookup answered. */
    private record Load(Flight flight, Lookup lookup) {
        @Nullable Lease lease() {
            return lookup instanceof Lookup.Granted granted ? granted.lease() : null;
        }

        @Nullable RemoteValue current() {
            return lookup instanceof Lookup.Granted granted
                    ? granted.current()
                    : lookup instanceof Lookup.Denied denied ? denied.current() : null;
        }

        Reason whyNotKept() {
            return lookup instanceof Lookup.Denied denied
                    ? Reason.valueOf(denied.reason().name())
                    : Reason.NOT_CACHED;
        }
    }

    /** Lands what needs no load, and loads the rest. */
    private void sort(Batch batch, @Nullable List<Lookup> found, @Nullable Throwable failure, long sentAt) {
        List<Load> loads = new ArrayList<>();
        for (int i = 0; i < batch.flights.size(); i++) {
            Flight flight = batch.flights.get(i);
            Lookup lookup = found == null || failure != null
                    ? new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null)
                    : found.get(i);
            if (lookup instanceof Lookup.Hit hit) {
                landFromRemote(batch, flight, hit.value(), sentAt);
            } else {
                Load load = new Load(flight, lookup);
                if (!servedBehind(batch, load, sentAt)) {
                    loads.add(load);
                }
            }
        }
        if (!loads.isEmpty()) {
            load(batch, loads);
        }
    }

    /** Whether readers need not wait for the load: they get the old value now, and the load, if any, goes on behind. */
    private boolean servedBehind(Batch batch, Load load, long sentAt) {
        Flight flight = load.flight;
        RemoteValue current = load.current();
        boolean mayLoad = load.lookup instanceof Lookup.Granted;
        if (flight.behind) {
            if (mayLoad || flight.fallback == null) {
                return false;
            }
            // somebody else reloads it, or nobody can: the readers have been served already
            land(flight, Served.local(flight.fallback, context.ticker().read(), Reason.STALE_WHILE_REVALIDATE));
            return true;
        }
        if (current == null || !revalidatable(current)) {
            return false;
        }
        keepFromRemote(flight, current, sentAt, Reason.STALE_WHILE_REVALIDATE);
        if (mayLoad) {
            loadBehind(batch, load);
        }
        return true;
    }

    private boolean revalidatable(RemoteValue current) {
        return current.freshNanos() > 0
                || -current.freshNanos() < policy.get().staleWhileRevalidate().toNanos();
    }

    private void loadBehind(Batch batch, Load load) {
        Flight flight = load.flight;
        Flight behind =
                new Flight(cache, flight.key, flight.mark, context.ticker().read(), null, true);
        if (!local.boardIfFree(behind)) {
            release(List.of(load));
            return;
        }
        Batch alone = new Batch(List.of(behind), batch.loader, context.threads());
        List<Load> loads = List.of(new Load(behind, load.lookup));
        context.threads().execute(() -> guarded(alone.flights, () -> load(alone, loads)));
    }

    private void load(Batch batch, List<Load> loads) {
        long startedAt = context.ticker().read();
        List<Object> keys = loads.stream().map(load -> load.flight.key).toList();
        Thread thread = Thread.currentThread();
        CompletionStage<? extends Map<?, ?>> values;
        loads.forEach(load -> load.flight.loadingOn(thread));
        try {
            values = batch.loader.load(keys);
        } catch (Throwable failure) {
            failed(loads, failure, startedAt);
            return;
        } finally {
            loads.forEach(load -> load.flight.loadingOn(null));
        }
        List<Flight> flights = loads.stream().map(Load::flight).toList();
        Steps.then(
                values,
                batch.executor,
                (map, failure) -> guarded(flights, () -> {
                    if (failure == null) {
                        loaded(batch, loads, map, startedAt);
                    } else {
                        failed(loads, Failures.unwrap(failure), startedAt);
                    }
                }));
    }

    private void loaded(Batch batch, List<Load> loads, Map<?, ?> values, long startedAt) {
        stats.loads.add(loads.size());
        context.listeners().publish(new CacheEvent.Loaded(cache, loads.size(), since(startedAt)));
        TtlPolicy ttl = policy.get();
        List<Load> kept = new ArrayList<>();
        List<FillRequest> fills = new ArrayList<>();
        List<Load> dropped = new ArrayList<>();
        for (Load load : loads) {
            Object value = values.get(load.flight.key);
            boolean absence = value == null;
            Lease lease = load.lease();
            if (lease == null || (absence && ttl.nullTtl().isZero())) {
                dropped.add(load);
                continue;
            }
            long fresh = Lifetime.freshNanos(ttl, absence, context.random().getAsDouble());
            fills.add(new FillRequest(
                    lease, value, fresh, fresh + ttl.longestStale().toNanos()));
            kept.add(load);
        }
        release(dropped);
        dropped.forEach(load -> land(load.flight, Served.loaded(values.get(load.flight.key), load.whyNotKept())));
        if (!fills.isEmpty()) {
            fill(batch, kept, fills, ttl);
        }
    }

    private void fill(Batch batch, List<Load> loads, List<FillRequest> fills, TtlPolicy ttl) {
        long sentAt = context.ticker().read();
        List<Flight> flights = loads.stream().map(Load::flight).toList();
        Steps.then(
                remote.fill(fills),
                batch.executor,
                (outcomes, failure) -> guarded(flights, () -> {
                    List<FillOutcome> answers =
                            failure == null ? outcomes : Collections.nCopies(fills.size(), FillOutcome.UNAVAILABLE);
                    for (int i = 0; i < flights.size(); i++) {
                        filled(flights.get(i), fills.get(i), answers.get(i), ttl, sentAt);
                    }
                }));
    }

    private void filled(Flight flight, FillRequest fill, FillOutcome outcome, TtlPolicy ttl, long sentAt) {
        Reason reason = switch (outcome) {
            case STORED -> Reason.FRESH;
            case REFUSED -> Reason.FILL_REFUSED;
            case UNSTORABLE -> Reason.UNSTORABLE;
            case UNAVAILABLE -> Reason.UNAVAILABLE;
        };
        if (outcome == FillOutcome.STORED) {
            Lifetime life = Lifetime.ofLoaded(ttl, fill.value() == null, fill.freshNanos(), sentAt);
            Entry entry = new Entry(fill.value(), flight.mark.epoch(), sentAt, life);
            reason = local.put(flight.key, entry, flight.mark) ? Reason.FRESH : Reason.FILL_REFUSED;
        }
        if (reason == Reason.FILL_REFUSED) {
            stats.fillsRefused.increment();
            context.listeners().publish(new CacheEvent.FillRefused(cache, flight.key));
        }
        land(flight, Served.loaded(fill.value(), reason));
    }

    private void failed(List<Load> loads, Throwable failure, long startedAt) {
        stats.loadFailures.add(loads.size());
        context.listeners().publish(new CacheEvent.LoadFailed(cache, loads.size(), since(startedAt), failure));
        release(loads);
        for (Load load : loads) {
            backOff(load.flight);
            Served old = servedInstead(load);
            if (old == null) {
                local.land(load.flight);
                load.flight.result.completeExceptionally(failure);
            } else {
                stats.staleServed.increment();
                context.listeners()
                        .publish(new CacheEvent.ServedStaleOnError(
                                cache, load.flight.key, Duration.ofNanos(old.ageNanos()), failure));
                land(load.flight, old);
            }
        }
    }

    /** Keeps the next load of an old value away for a while, so that what has just failed is not hammered. */
    private void backOff(Flight flight) {
        Entry old = flight.fallback;
        if (old != null) {
            old.backOffUntil(
                    context.ticker().read() + policy.get().errorBackoff().toNanos());
        }
    }

    /** The old value a failed load leaves behind, if the policy allows to serve it. */
    private @Nullable Served servedInstead(Load load) {
        Flight flight = load.flight;
        TtlPolicy ttl = policy.get();
        long now = context.ticker().read();
        Entry old = flight.fallback;
        Level level = Level.L1;
        if (old == null && load.current() != null) {
            Lifetime life = Lifetime.ofRemote(ttl, load.current(), flight.startedAt);
            old = new Entry(
                    load.current().value(),
                    flight.mark.epoch(),
                    now - load.current().ageNanos(),
                    life);
            level = Level.L2;
            old.backOffUntil(now + ttl.errorBackoff().toNanos());
            local.put(flight.key, old, flight.mark);
        }
        if (old == null || !StaleRule.mayServeAfterError(old, now, ttl, remote.trusted(flight.key))) {
            return null;
        }
        // an invalidated value is never served again, by nothing
        if (!local.unchangedSince(flight.mark, flight.key)) {
            return null;
        }
        return new Served(old.value, level, old.ageNanos(now), Reason.STALE_IF_ERROR);
    }

    private void landFromRemote(Batch batch, Flight flight, RemoteValue value, long sentAt) {
        TtlPolicy ttl = policy.get();
        boolean due = value.value() != null && value.freshNanos() <= Lifetime.refreshBelowNanos(ttl);
        Entry entry = keepFromRemote(flight, value, sentAt, due ? Reason.REFRESH_AHEAD : Reason.FRESH);
        if (due && !flight.behind) {
            reloadBehind(flight.key, entry, batch.loader);
        }
    }

    private Entry keepFromRemote(Flight flight, RemoteValue value, long sentAt, Reason reason) {
        Lifetime life = Lifetime.ofRemote(policy.get(), value, sentAt);
        Entry entry = new Entry(value.value(), flight.mark.epoch(), sentAt - value.ageNanos(), life);
        local.put(flight.key, entry, flight.mark);
        stats.remoteHits.increment();
        land(flight, new Served(value.value(), Level.L2, value.ageNanos(), reason));
        return entry;
    }

    private void land(Flight flight, Served served) {
        local.land(flight);
        flight.result.complete(served);
    }

    private void release(List<Load> loads) {
        List<Lease> leases = new ArrayList<>();
        for (Load load : loads) {
            Lease lease = load.lease();
            if (lease != null) {
                leases.add(lease);
            }
        }
        if (!leases.isEmpty()) {
            remote.release(leases);
        }
    }

    private Duration since(long startedAt) {
        return Duration.ofNanos(context.ticker().read() - startedAt);
    }

    /** Runs a step; should it throw, which it does not mean to, the flights land with that rather than never. */
    private void guarded(List<Flight> flights, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error failure) {
            for (Flight flight : flights) {
                local.land(flight);
                flight.result.completeExceptionally(failure);
            }
        }
    }
}
