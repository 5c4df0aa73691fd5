package dev.aside.cache;

import dev.aside.cache.Answer.Level;
import dev.aside.cache.Answer.Reason;
import dev.aside.cache.LoadStep.Batch;
import dev.aside.cache.LoadStep.Load;
import dev.aside.cache.LoadStep.Place;
import dev.aside.cache.TtlPolicy.SingleFlight;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.RemoteCache;
import dev.aside.cache.spi.RemoteValue;
import java.util.ArrayList;
import java.util.List;
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
    private static final Lookup NOT_THERE = new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null);

    private final String cache;
    private final CacheContext context;
    private final RemoteCache remote;
    private final LocalLevel local;
    private final Supplier<TtlPolicy> policy;
    private final StatsCounter stats;
    private final LoadStep step;

    LoadPipeline(String cache, CacheParts parts) {
        this.cache = cache;
        this.context = parts.context();
        this.remote = parts.remote();
        this.local = parts.local();
        this.policy = parts.binding();
        this.stats = parts.stats();
        this.step = new LoadStep(cache, parts);
    }

    /** Flies a batch. Returns at once or when the flights have landed, as the executor allows. */
    void fly(Batch batch) {
        fly(batch, request());
    }

    /** Flies a flight whose caller runs the method itself, and waits for nobody else's load. */
    void open(Batch batch) {
        fly(batch, LookupRequest.READ);
    }

    /** Flies a batch that loads in any case; waits for another's load, which may have begun too early, and loads then. */
    void reload(Batch batch) {
        fly(batch, new LookupRequest(Long.MAX_VALUE, policy.get().clusterWait().toNanos()));
    }

    /** Begins to reload a value that readers are being served meanwhile, unless that is under way already. */
    void reloadBehind(Object key, Entry entry, BulkLoader loader) {
        if (!context.threads().mayReload()) {
            context.listeners().publish(new CacheEvent.RefreshSkipped(cache, key));
            return;
        }
        Flight flight = new Flight(
                cache, key, new Flight.Start(local.mark(key), context.ticker().read(), entry), Flight.Kind.BEHIND);
        if (local.quietly(key) != entry || !local.boardIfFree(flight)) {
            context.threads().reloadDone();
            return;
        }
        flight.result.whenComplete((served, failure) -> context.threads().reloadDone());
        // the reader has been served: nobody waits for another node's reload
        LookupRequest request = new LookupRequest(Lifetime.refreshBelowNanos(policy.get()), 0);
        Batch batch = new Batch(List.of(flight), loader, Place.ASYNC, context.threads());
        context.threads().execute(() -> fly(batch, request));
    }

    private LookupRequest request() {
        TtlPolicy ttl = policy.get();
        return ttl.singleFlight() == SingleFlight.CLUSTER
                ? new LookupRequest(
                        0,
                        ttl.clusterWait().toNanos(),
                        ttl.staleWhileRevalidate().toNanos())
                : LookupRequest.READ;
    }

    private void fly(Batch batch, LookupRequest request) {
        List<Flight> flights = batch.flights();
        step.guarded(flights, () -> {
            long sentAt = context.ticker().read();
            List<Object> keys = flights.stream().map(flight -> flight.key).toList();
            Steps.then(
                    remote.lookup(keys, request, batch.executor()),
                    batch.executor(),
                    (found, failure) -> step.guarded(flights, () -> sort(batch, found, failure, sentAt)));
        });
    }

    /** Lands what needs no load, and loads the rest. */
    private void sort(Batch batch, @Nullable List<Lookup> found, @Nullable Throwable failure, long sentAt) {
        List<Load> loads = new ArrayList<>();
        int unanswered = 0;
        for (int i = 0; i < batch.flights().size(); i++) {
            Flight flight = batch.flights().get(i);
            Lookup lookup = found == null || failure != null ? NOT_THERE : found.get(i);
            if (lookup instanceof Lookup.Hit hit) {
                landFromRemote(batch, flight, hit.value(), sentAt);
            } else {
                Load load = new Load(flight, lookup);
                unanswered += load.whyNotKept() == Reason.UNAVAILABLE ? 1 : 0;
                if (!servedBehind(batch, load, sentAt)) {
                    loads.add(load);
                }
            }
        }
        if (unanswered > 0) {
            context.listeners().publish(new CacheEvent.Degraded(cache, unanswered));
        }
        if (!loads.isEmpty()) {
            step.load(batch, loads);
        }
    }

    /** Whether readers need not wait for the load: they get the old value now, and the load, if any, goes on behind. */
    private boolean servedBehind(Batch batch, Load load, long sentAt) {
        Flight flight = load.flight();
        RemoteValue current = load.current();
        boolean mayLoad = load.lookup() instanceof Lookup.Granted;
        if (flight.behind()) {
            Entry old = flight.fallback;
            long now = context.ticker().read();
            if (mayLoad || old == null || !stillServed(flight, old, now)) {
                return false;
            }
            // somebody else reloads it, or nobody can: who was served it before may be served it now
            step.land(flight, Served.local(old, now, Reason.STALE_WHILE_REVALIDATE));
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

    /**
     * Whether a reader who comes now would be served the old value at once: readers may have joined since it was.
     *
     * <p>Guards against race: a reload denied after trust was lost (StaleFillTest.get_joinsReloadOfUntrustedValue_loads)
     */
    private boolean stillServed(Flight flight, Entry old, long now) {
        return remote.trusted(flight.key)
                && local.stillHolds(flight.mark, flight.key, old)
                && Freshness.of(old, now).servedAtOnce();
    }

    private boolean revalidatable(RemoteValue current) {
        return current.freshNanos() > 0
                || -current.freshNanos() < policy.get().staleWhileRevalidate().toNanos();
    }

    private void loadBehind(Batch batch, Load load) {
        Flight flight = load.flight();
        Flight behind = new Flight(
                cache,
                flight.key,
                new Flight.Start(flight.mark, context.ticker().read(), null),
                Flight.Kind.BEHIND);
        if (!local.boardIfFree(behind)) {
            step.release(List.of(load));
            return;
        }
        Batch alone = new Batch(List.of(behind), batch.loader(), Place.ASYNC, context.threads());
        List<Load> loads = List.of(new Load(behind, load.lookup()));
        context.threads().execute(() -> step.guarded(alone.flights(), () -> step.load(alone, loads)));
    }

    private void landFromRemote(Batch batch, Flight flight, RemoteValue value, long sentAt) {
        TtlPolicy ttl = policy.get();
        boolean due = value.value() != null && Lifetime.dueForRefresh(ttl, value);
        Entry entry = keepFromRemote(flight, value, sentAt, due ? Reason.REFRESH_AHEAD : Reason.FRESH);
        if (due && !flight.behind()) {
            reloadBehind(flight.key, entry, batch.loader());
        }
    }

    private Entry keepFromRemote(Flight flight, RemoteValue value, long sentAt, Reason reason) {
        Lifetime life = Lifetime.ofRemote(policy.get(), value, sentAt);
        Entry entry =
                new Entry(value.value(), flight.mark, local.stripes(value.tags()), sentAt - value.ageNanos(), life);
        local.put(flight.key, entry, flight.mark);
        stats.remoteHits.increment();
        step.land(flight, new Served(value.value(), Level.L2, value.ageNanos(), reason));
        return entry;
    }
}
