package dev.aside.offload;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Fetches named jobs from the store when there is a handler, a permit and a worker for them; never more, so what waits
 * stays where every process can take it.
 *
 * <p>Thread-safe. One claim is under way at a time; {@code calls} counts who asked meanwhile. It is asked when the store
 * signals work, when a permit becomes free, when the next delayed job is due, and every 5 s in case a signal was lost.
 */
final class Claimer {
    private static final long NET_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Engine engine;
    private final Map<String, Handling<?, ?>> handlings = new ConcurrentHashMap<>();
    private final NewerPayloads newer = new NewerPayloads();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean active;
    private volatile boolean over;
    private volatile TimeSource.@Nullable Timeout timer;

    Claimer(Engine engine) {
        this.engine = engine;
    }

    /**
     * What does work of this type here.
     *
     * @throws IllegalStateException if nothing does
     * @throws IllegalArgumentException if it takes or gives something else than the type says
     */
    @SuppressWarnings("unchecked") // looked at just before
    <P, R extends @Nullable Object> NamedTask<P, R> handler(JobType<P, R> type) {
        Handling<?, ?> handling = handlings.get(type.name());
        if (handling == null) {
            throw new IllegalStateException("job type '" + type.name() + "' has no handler in this process."
                    + " Hint: Jobs.handle first; or enqueue it, and a process that has one will do it.");
        }
        JobType<?, ?> known = handling.type();
        if (known.version() != type.version()
                || !known.payloadType().isAssignableFrom(type.payloadType())
                || !type.resultType().isAssignableFrom(known.resultType())) {
            throw new IllegalArgumentException(
                    type + " is called and the handler is of " + known + ". Hint: one constant for both.");
        }
        return (NamedTask<P, R>) handling.handler();
    }

    /** How a type is handled here. */
    record Handling<P, R extends @Nullable Object>(JobType<P, R> type, NamedTask<P, R> handler) {
        R run(Engine engine, Claims.Claimed job, JobContext context) throws Exception {
            return handler.handle(payload(engine.values, job), context);
        }

        private P payload(Values values, Claims.Claimed job) {
            int version = job.record().typeVersion();
            try {
                return Objects.requireNonNull(
                        values.read(type.name(), version, job.payload(), type.payloadType()), "it is null");
            } catch (RuntimeException | StackOverflowError e) { // bytes may be nested deeper than any stack
                throw new UnreadablePayloadException(type.name(), version, e);
            }
        }
    }

    /**
     * @throws IllegalStateException if the type has a handler
     * @throws IllegalArgumentException if the codec cannot bring its older payloads up to date
     */
    <P, R extends @Nullable Object> void handle(JobType<P, R> type, NamedTask<P, R> handler) {
        TypeLane lane = engine.types.lane(type.name());
        engine.values.checkVersion(type.name(), type.version());
        if (handlings.putIfAbsent(type.name(), new Handling<>(type, handler)) != null) {
            throw new IllegalStateException("job type '" + type.name() + "' has a handler already.");
        }
        lane.handled = true;
        active = true;
        engine.beats.begin();
        pump();
    }

    /** A permit or a worker is free. */
    void roomFreed() {
        if (active) {
            pump();
        }
    }

    /** The store has something to start. */
    void ready(String type) {
        if (handlings.containsKey(type)) {
            pump();
        }
    }

    private void pump() {
        if (!over && calls.getAndIncrement() == 0) {
            claim();
        }
    }

    private void claim() {
        while (true) {
            int seen = calls.get();
            Dispatcher.Room room = engine.dispatcher.room(engine.types.all());
            if (!room.byType().isEmpty() && room.workers() > 0) {
                engine.store
                        .claim(new ClaimRequest(engine.node, room.byType(), room.workers()))
                        .whenComplete((claims, failure) -> claimed(seen, claims, failure));
                return;
            }
            if (rests(seen)) {
                return;
            }
        }
    }

    private void claimed(int seen, @Nullable Claims claims, @Nullable Throwable failure) {
        long next = NET_NANOS;
        if (claims == null) {
            engine.health.failed("a claim of jobs", failure);
        } else {
            engine.health.works();
            for (Claims.Claimed job : claims.jobs()) {
                if (!start(job)) {
                    calls.incrementAndGet(); // its place is free: there may be others behind it
                }
            }
            if (claims.nextDue() != null) {
                next = Math.min(next, claims.nextDue().toNanos());
            }
        }
        TimeSource.Timeout before = timer;
        if (before != null) {
            before.cancel();
        }
        if (!over) {
            timer = engine.time.schedule(engine.time.nanoTime() + next, this::pump);
        }
        if (!rests(seen)) {
            claim();
        }
    }

    /** Whether nobody has asked meanwhile. */
    private boolean rests(int seen) {
        boolean rests = calls.compareAndSet(seen, 0);
        if (rests) {
            engine.wakeCloser();
        }
        return rests;
    }

    /** Whether an answer of the store may still bring jobs. */
    boolean isUnderWay() {
        return calls.get() > 0;
    }

    /** Whether it takes a permit. */
    private boolean start(Claims.Claimed job) {
        JobRecord record = job.record();
        Handling<?, ?> handling = handlings.get(record.type());
        if (handling == null) {
            return true; // not asked for; its lease gives it back
        }
        Execution<?> execution = execution(handling, job);
        Execution<?> before = engine.live.put(record.id(), execution);
        if (before != null) {
            before.cancel(CancelCause.fenced()); // its lease had run out; this claim is the one that counts
        }
        if (record.cancelRequested()) {
            execution.cancel(CancelCause.asked(record.reason()));
        } else if (over) {
            execution.putBack(Duration.ZERO);
            return false;
        } else if (NewerPayloads.isNewer(record, handling.type())) {
            execution.putBack(newer.pause(record, handling.type(), engine));
            return false;
        }
        engine.dispatcher.submitClaimed(execution);
        return true;
    }

    private <P, R extends @Nullable Object> Execution<R> execution(Handling<P, R> handling, Claims.Claimed job) {
        JobTask<R, Exception> task = context -> handling.run(engine, job, context);
        return new Execution<>(
                engine,
                engine.types.lane(handling.type().name()),
                Request.named(
                        task,
                        new Named(job.record().typeVersion(), job::payload, job.record()),
                        CallOptions.none().replayedAs(handling.type().resultType()),
                        engine.contexts.load(job.record().context()),
                        engine.time.nanoTime()));
    }

    void close() {
        over = true;
        TimeSource.Timeout set = timer;
        if (set != null) {
            set.cancel();
        }
    }
}
