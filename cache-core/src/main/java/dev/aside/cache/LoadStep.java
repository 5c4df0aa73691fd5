package dev.aside.cache;

import dev.aside.cache.Answer.Level;
import dev.aside.cache.Answer.Reason;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.RemoteCache;
import dev.aside.cache.spi.RemoteValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The second half of a flight's way: the call of the user's method, the fill, and what readers get if it fails or takes
 * too long.
 *
 * <pre>
 *   guard -> the user's method -> fill -> put -> land
 *     |          |  soft timeout: readers get the old value, the load goes on
 *     |          |  hard timeout, failure
 *     +----------+-> land with the old value if the policy allows it, or with the failure
 * </pre>
 *
 * <p>Thread-safe. A load ends once: by its own end or by the hard timeout, whichever is first.
 */
final class LoadStep {
    private final String cache;
    private final CacheContext context;
    private final RemoteCache remote;
    private final LocalLevel local;
    private final Supplier<TtlPolicy> policy;
    private final StatsCounter stats;
    private final LoadGuard guard;
    private final SlowLoadLog slowLog;

    LoadStep(String cache, CacheParts parts) {
        this.cache = cache;
        this.context = parts.context();
        this.remote = parts.remote();
        this.local = parts.local();
        this.policy = parts.binding();
        this.stats = parts.stats();
        this.guard = new LoadGuard(cache, context.ticker());
        this.slowLog = new SlowLoadLog(cache, context.ticker());
    }

    /** Whose time a load takes. */
    enum Place {
        /** The calling thread runs the load and may wait for its turn. */
        CALLER,
        /** The caller waits while a thread of the cache's runs the load, so that the caller may stop waiting. */
        TIMED,
        /** Nobody may wait. */
        ASYNC
    }

    /**
     * Flights that fly together.
     *
     * @param executor where steps run that cannot run at once
     */
    record Batch(List<Flight> flights, BulkLoader loader, Place place, Executor executor) {}

    /** A flight that has to load, with what its lookup answered. */
    record Load(Flight flight, Lookup lookup) {
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

    /** One call of the user's method, for its flights. */
    private final class Attempt {
        final Batch batch;
        final List<Load> loads;
        final TtlPolicy ttl = policy.get();
        final long startedAt = context.ticker().read();
        final AtomicBoolean over = new AtomicBoolean();
        volatile LoadGuard.@Nullable Pass pass;

        Attempt(Batch batch, List<Load> loads) {
            this.batch = batch;
            this.loads = loads;
        }

        Object firstKey() {
            return loads.get(0).flight.key;
        }

        List<Flight> flights() {
            return loads.stream().map(Load::flight).toList();
        }
    }

    /** Loads; readers of the flights are served in the end, whatever happens. */
    void load(Batch batch, List<Load> loads) {
        Attempt attempt = new Attempt(batch, loads);
        LoadTimer soft = LoadTimer.start(
                attempt.ttl.softTimeout(), context.threads(), () -> loads.forEach(load -> offerOld(attempt, load)));
        LoadTimer hard = LoadTimer.start(attempt.ttl.hardTimeout(), context.threads(), () -> giveUp(attempt));
        Runnable run = () -> guarded(attempt.flights(), () -> run(attempt, soft, hard));
        if (batch.place == Place.TIMED) {
            context.threads().executeLoad(run);
        } else {
            run.run();
        }
    }

    private void run(Attempt attempt, LoadTimer soft, LoadTimer hard) {
        if (attempt.over.get()) {
            soft.cancel(); // its readers gave up while it waited for a thread: the database is spared
            return;
        }
        LoadGuard.Pass pass;
        CompletableFuture<? extends Map<?, ?>> values;
        try {
            pass = guard.enter(attempt.ttl, attempt.firstKey(), attempt.batch.place != Place.ASYNC);
        } catch (LoadRejectedException e) {
            end(attempt, null, e, soft, hard);
            return;
        }
        attempt.pass = pass;
        if (attempt.over.get()) {
            soft.cancel();
            pass.unused();
            return;
        }
        Thread thread = Thread.currentThread();
        attempt.loads.forEach(load -> load.flight.loadingOn(thread));
        try {
            List<Object> keys =
                    attempt.loads.stream().map(load -> load.flight.key).toList();
            values = Objects.requireNonNull(
                            context.callers().transactions().fresh(() -> attempt.batch.loader.load(keys)),
                            "a loader returned null instead of a stage")
                    .toCompletableFuture();
        } catch (Throwable failure) {
            pass.end(failure);
            end(attempt, null, failure, soft, hard);
            return;
        } finally {
            attempt.loads.forEach(load -> load.flight.loadingOn(null));
        }
        Steps.then(values, attempt.batch.executor, (map, thrown) -> {
            Throwable failure = thrown == null ? null : Failures.unwrap(thrown);
            pass.end(failure == null && attempt.over.get() ? timeout(attempt) : failure);
            guarded(attempt.flights(), () -> end(attempt, map, failure, soft, hard));
        });
    }

    /** The user's method has ended, or was not called. If its readers have been told already, what it brought is lost. */
    private void end(
            Attempt attempt, @Nullable Map<?, ?> values, @Nullable Throwable failure, LoadTimer soft, LoadTimer hard) {
        soft.cancel();
        hard.cancel();
        slowLog.loaded(attempt.ttl, attempt.loads.size(), since(attempt.startedAt));
        if (!attempt.over.compareAndSet(false, true)) {
            return;
        }
        if (failure != null || values == null) {
            failed(attempt, failure == null ? new NullPointerException("a loader returned null") : failure);
            return;
        }
        List<Load> kept = new ArrayList<>();
        List<FillRequest> fills = new ArrayList<>();
        try {
            prepare(attempt, values, kept, fills);
        } catch (RuntimeException | Error e) {
            // the user's ttlFrom, tagsFrom or unless
            failed(attempt, e);
            return;
        }
        loaded(attempt, values, kept, fills);
    }

    private void prepare(Attempt attempt, Map<?, ?> values, List<Load> kept, List<FillRequest> fills) {
        for (Load load : attempt.loads) {
            Object value = values.get(load.flight.key);
            Lease lease = load.lease();
            if (lease != null
                    && (value != null || !attempt.ttl.nullTtl().isZero())
                    && attempt.batch.loader.keeps(value)) {
                long fresh =
                        Lifetime.freshNanos(attempt.ttl, value, context.random().getAsDouble());
                fills.add(new FillRequest(
                        lease,
                        value,
                        fresh,
                        fresh + attempt.ttl.longestStale().toNanos(),
                        ValueTags.all(attempt.ttl, attempt.batch.loader.tags(load.flight.key, value), value)));
                kept.add(load);
            }
        }
    }

    private void loaded(Attempt attempt, Map<?, ?> values, List<Load> kept, List<FillRequest> fills) {
        stats.loads.add(attempt.loads.size());
        context.listeners().publish(new CacheEvent.Loaded(cache, attempt.loads.size(), since(attempt.startedAt)));
        List<Load> dropped = new ArrayList<>(attempt.loads);
        dropped.removeAll(kept);
        release(dropped);
        dropped.forEach(load -> land(load.flight, Served.loaded(values.get(load.flight.key), load.whyNotKept())));
        if (!fills.isEmpty()) {
            fill(attempt.batch, kept, fills, attempt.ttl);
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
            Entry entry = new Entry(fill.value(), flight.mark, local.stripes(fill.tags()), sentAt, life);
            reason = local.put(flight.key, entry, flight.mark) ? Reason.FRESH : Reason.FILL_REFUSED;
        }
        if (reason == Reason.FILL_REFUSED) {
            stats.fillsRefused.increment();
            context.listeners().publish(new CacheEvent.FillRefused(cache, flight.key));
        }
        land(flight, Served.loaded(fill.value(), reason));
    }

    /** The soft timeout: readers of this flight need not wait if there is an old value they may have. */
    private void offerOld(Attempt attempt, Load load) {
        Flight flight = load.flight;
        if (flight.behind() || flight.result.isDone()) {
            return;
        }
        long now = context.ticker().read();
        Entry old = old(load, attempt.ttl, now);
        if (old == null
                || !remote.trusted(flight.key)
                || !StaleRule.mayStandIn(old, now, attempt.ttl)
                || !local.stillHolds(flight.mark, flight.key, old)) {
            return;
        }
        flight.standInUntil(StaleRule.standInUntil(old, attempt.ttl));
        Level level = old == flight.fallback ? Level.L1 : Level.L2;
        if (flight.result.complete(new Served(old.value, level, old.ageNanos(now), Reason.SOFT_TIMEOUT))) {
            stats.staleServed.increment();
        }
    }

    private void giveUp(Attempt attempt) {
        if (attempt.over.compareAndSet(false, true)) {
            LoadTimeoutException timeout = timeout(attempt);
            LoadGuard.Pass pass = attempt.pass;
            if (pass != null) {
                pass.failed(timeout);
            }
            guarded(attempt.flights(), () -> failed(attempt, timeout));
        }
    }

    private LoadTimeoutException timeout(Attempt attempt) {
        return new LoadTimeoutException(cache, attempt.firstKey(), attempt.ttl.hardTimeout());
    }

    private void failed(Attempt attempt, Throwable failure) {
        List<Load> loads = attempt.loads;
        stats.loadFailures.add(loads.size());
        context.listeners().publish(new CacheEvent.LoadFailed(cache, loads.size(), since(attempt.startedAt), failure));
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
        if (!flight.takesOld()) {
            return null;
        }
        TtlPolicy ttl = policy.get();
        long now = context.ticker().read();
        Entry old = old(load, ttl, now);
        Level level = old == flight.fallback ? Level.L1 : Level.L2;
        if (old != null && level == Level.L2) {
            old.backOffUntil(now + ttl.errorBackoff().toNanos());
            local.put(flight.key, old, flight.mark);
        }
        if (old == null || !StaleRule.mayServeAfterError(old, now, ttl, remote.trusted(flight.key))) {
            return null;
        }
        // an invalidated value is never served again, by nothing
        if (!local.stillHolds(flight.mark, flight.key, old)) {
            return null;
        }
        return new Served(old.value, level, old.ageNanos(now), Reason.STALE_IF_ERROR);
    }

    /** The old value of a flight: from this process, or else from the remote tier. */
    private @Nullable Entry old(Load load, TtlPolicy ttl, long now) {
        RemoteValue current = load.current();
        if (load.flight.fallback != null || current == null) {
            return load.flight.fallback;
        }
        Lifetime life = Lifetime.ofRemote(ttl, current, load.flight.startedAt);
        return new Entry(
                current.value(), load.flight.mark, local.stripes(current.tags()), now - current.ageNanos(), life);
    }

    void land(Flight flight, Served served) {
        local.land(flight);
        flight.result.complete(served);
    }

    void release(List<Load> loads) {
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
    void guarded(List<Flight> flights, Runnable step) {
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
