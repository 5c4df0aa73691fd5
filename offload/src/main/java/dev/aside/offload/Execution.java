package dev.aside.offload;

import dev.aside.offload.job.JobPriority;
import dev.aside.offload.job.JobProgress;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.JobUpdate;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work on its way through this process: waits, runs, maybe again, ends; and becomes known to the store
 * when somebody has to be given its id.
 *
 * <p>Thread-safe. {@code phase} decides every race with one compare-and-set: INLINE (nobody outside knows of it) to
 * TRACKED (the store does), and either of them to an {@link End}. The order of a tracked end: phase, store, waiters; who
 * is woken finds the end in the store.
 */
final class Execution<T extends @Nullable Object> implements Comparable<Execution<?>> {
    private static final VarHandle PHASE;
    /** What the phase, and other volatile fields below, begin with is null: to write them first would cost a fence each. */
    private static final @Nullable Object INLINE = null;

    private static final Object TRACKED = new Object();
    private static final ThreadLocal<@Nullable Execution<?>> CURRENT = new ThreadLocal<>();

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(Execution.class, "phase", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Engine engine;
    final TypeLane lane;
    final Request<T> request;
    final long arrivalNanos;
    final Waiters waiters = new Waiters();
    final Interest interest = new Interest();

    final JobPriority priority;
    /** Its place among what waits, with {@link #sequence}; guarded by the dispatcher's lock. */
    long order;

    long sequence;
    /** For how long its lane has to pause, when it was BOUNCED; touched by its one worker. */
    long pauseNanos;
    /** Whether the rate limiter has promised it the turn it waits for; touched by its one worker. */
    boolean hasTurn;

    private final Tracker tracker = new Tracker(this);
    private volatile @Nullable Object phase;
    private volatile @Nullable Run<T> run;
    private volatile @Nullable CancelCause wish;
    private volatile TimeSource.@Nullable Timeout alarm;
    private volatile @Nullable JobProgress progress; // null: NONE
    private volatile int failures;
    /** Whether somebody has the id of this named job: what this process does not run of it, any process may. */
    private volatile boolean handedOut;

    Execution(Engine engine, TypeLane lane, Request<T> request) {
        this.engine = engine;
        this.lane = lane;
        this.request = request;
        this.arrivalNanos = request.arrivalNanos();
        var claimed = request.claimed();
        JobPriority own = request.options().priority;
        this.priority = own == null ? lane.options.priority() : own;
        this.order = arrivalNanos + priority.penalty().toNanos();
        if (claimed != null) {
            failures = claimed.failures();
            handedOut = true;
            tracker.knownAs(claimed.id());
            phase = TRACKED;
        }
    }

    /** What runs on the calling thread, null if that is no worker. */
    static @Nullable Execution<?> current() {
        return CURRENT.get();
    }

    // ---- attempts

    /** Runs one attempt on the calling worker; returns when the thread is free for other work. */
    Left run() {
        if (endIfUnwanted()) {
            return Left.ENDED;
        }
        pauseNanos = lane.gates == null ? 0 : lane.gates.tryPass(this);
        if (pauseNanos > 0) {
            return Left.BOUNCED;
        }
        Run<T> begun = new Run<>(this, attempts() + 1, engine.time.nanoTime());
        engine.events.started(this, begun);
        run = begun;
        tracker.syncIfTracked();
        CancelCause asked = wish;
        if (asked != null) {
            // Guards against race: a wish that came before this run was there to be told
            // (CancelTest.cancel_racingStart_isNeverMissed)
            begun.stop(asked);
        }
        Duration limit = lane.options.timeLimit();
        if (limit != null) {
            begun.arm(begun.startNanos + limit.toNanos(), () -> begun.stop(CancelCause.timeout(limit)));
        }
        CURRENT.set(this);
        @Nullable CompletionStage<T> pending;
        try {
            pending = begun.execute(request);
        } finally {
            CURRENT.set(null); // the thread is ours; to remove the entry costs more than to leave it
        }
        if (pending == null) {
            return begun.left;
        }
        engine.asleep.add(this);
        pending.whenComplete((value, thrown) -> {
            engine.asleep.remove(this);
            begun.over();
            begun.left = attemptOver(begun, value, unwrapped(thrown));
            engine.dispatcher.released(begun);
        });
        return Left.PENDING;
    }

    private static @Nullable Throwable unwrapped(@Nullable Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    /** Gives worker and permit back after {@link #run()}, and gets the next work. */
    @Nullable Execution<?> leave(Left left, @Nullable Worker worker) {
        Execution<?> next = engine.dispatcher.next(this, left, worker);
        if (left == Left.BOUNCED) {
            engine.time.schedule(engine.time.nanoTime() + pauseNanos, () -> engine.dispatcher.resume(lane));
            endIfUnwantedInLane();
        }
        if (lane.handled || next == null) {
            engine.claimer.roomFreed();
        }
        return next;
    }

    /** When it could have started at the earliest: at its arrival, or when its last attempt was over. */
    long readyNanos() {
        Run<T> last = run;
        return last == null || last.endNanos == 0 ? arrivalNanos : last.endNanos;
    }

    long lastRunNanos() {
        Run<T> last = run;
        return last == null ? 0 : last.nanos();
    }

    /** A wish may have come while it was on its way into the lane, where nobody could take it out. */
    private void endIfUnwantedInLane() {
        if (wish != null && engine.dispatcher.remove(this)) {
            endIfUnwanted();
        }
    }

    /** It waits for a worker no longer although it has not run: somebody does not want it any more. */
    private boolean endIfUnwanted() {
        CancelCause asked = wish;
        if (asked != null) {
            end(End.stopped(asked, null, false));
        }
        return ending() != null;
    }

    /** Called once per attempt, by the thread that knows how it went. */
    Left attemptOver(Run<T> over, @Nullable T value, @Nullable Throwable thrown) {
        CancelCause asked = wish;
        CancelCause cause = asked != null ? asked : over.cause();
        over.endNanos = engine.time.nanoTime();
        if (lane.gates != null) {
            lane.gates.passed(over.nanos(), thrown, asked != null || thrown instanceof UnreadablePayloadException);
            engine.dispatcher.resume(lane);
        }
        if (thrown == null) {
            end(End.succeeded(value));
        } else if (asked != null) {
            end(End.stopped(asked, thrown, false));
        } else {
            return failed(over, cause, thrown);
        }
        return Left.ENDED;
    }

    private Left failed(Run<T> over, @Nullable CancelCause timeout, Throwable thrown) {
        Throwable counted = timeout == null ? thrown : new JobTimeoutException(timeout.reason(), thrown);
        int failed = failures + 1;
        long pause = ending() != null ? -1 : lane.retryPlan.pauseNanos(failed, counted);
        engine.events.failed(this, failed, counted, pause);
        if (pause >= 0 && handedOut) {
            end(End.handedBack(JobState.SCHEDULED, Duration.ofNanos(pause), counted)); // the store counts
            return Left.ENDED;
        }
        failures = failed; // only the thread that ends the attempt counts
        if (pause < 0) {
            end(timeout == null ? End.failed(thrown, over.problemOf(thrown)) : End.stopped(timeout, counted, false));
            return Left.ENDED;
        }
        sleep(over, pause);
        return Left.ASLEEP;
    }

    private void sleep(Run<T> over, long pauseNanos) {
        over.dueAt = engine.time.instant().plusNanos(pauseNanos);
        over.after = JobState.SCHEDULED;
        engine.asleep.add(this);
        tracker.syncIfTracked();
        alarm = engine.time.schedule(engine.time.nanoTime() + pauseNanos, () -> wake(over));
        CancelCause asked = wish;
        if (asked != null) {
            endAsleep(End.stopped(asked, null, false));
        } else if (handedOut) {
            // Guards against race: its caller left with the id as the attempt ended
            // (NamedCallRaceTest.failure_asTheCallerLeaves_goesToTheStore)
            giveBackAsleep();
        }
    }

    /** Between two attempts it is anybody's, at the time it was to be tried again. */
    private void giveBackAsleep() {
        Run<T> last = run;
        if (last != null && last.after == JobState.SCHEDULED && last.dueAt != null) {
            Duration left = Duration.between(engine.time.instant(), last.dueAt);
            endAsleep(End.handedBack(JobState.QUEUED, left.isNegative() ? Duration.ZERO : left, null));
        }
    }

    private void wake(Run<T> over) {
        if (over.after == JobState.SCHEDULED && engine.asleep.remove(this)) {
            over.after = JobState.QUEUED;
            tracker.syncIfTracked();
            engine.dispatcher.requeue(this);
            endIfUnwantedInLane();
        }
    }

    private boolean endAsleep(End<T> end) {
        if (state(run) != JobState.SCHEDULED || !engine.asleep.remove(this)) {
            return false;
        }
        TimeSource.Timeout set = alarm;
        if (set != null) {
            set.cancel();
        }
        end(end);
        engine.dispatcher.forget();
        return true;
    }

    // ---- the end

    /** A claimed job is for another process: untried, it goes back to the store. */
    void putBack(Duration delay) {
        end(End.handedBack(JobState.QUEUED, delay, null));
    }

    /** It could not be given a thread. */
    void failUnstarted(Throwable reason) {
        end(End.failed(reason, engine.problemOf(reason)));
    }

    /** It was not taken in: its callers are told, and nothing has happened. False if it is a job already. */
    boolean refuse(OffloadException refusal) {
        return refuse(INLINE, refusal);
    }

    /** {@link #refuse} of work whose key is claimed already; the store is not told by this. */
    void refuseKeyed(OffloadException refusal) {
        refuse(TRACKED, refusal);
    }

    private boolean refuse(@Nullable Object from, OffloadException refusal) {
        if (!PHASE.compareAndSet(this, from, End.<T>refused(refusal, engine.problemOf(refusal)))) {
            return false;
        }
        tracker.takeBack();
        if (refusal instanceof BacklogFullException full && engine.events.areHeard()) {
            engine.events.tell(new OffloadEvent.Rejected(full.type(), full.retryAfter()));
        }
        waiters.wakeAll();
        return true;
    }

    /** Its only caller got the answer itself: nobody will ask for the record that was written for it. */
    void forgetRecord() {
        End<T> end = ending();
        if (end != null
                && end.tracked
                && end.handedBack == null
                && request.options().key == null
                && request.options().coalesceBy == null) {
            engine.untracks.send(id(), owner());
        }
    }

    /** Publishes the end; false if there was one before. */
    private boolean end(End<T> wanted) {
        End<T> end;
        while (true) {
            Object now = phase;
            if (now instanceof End) {
                return false;
            }
            end = wanted.byShutdown && now == TRACKED && request.named() != null
                    ? End.handedBack(JobState.QUEUED, Duration.ZERO, wanted.thrown) // others can go on with it
                    : wanted;
            end.tracked = now == TRACKED;
            if (end.tracked && end.stored == null && end.handedBack == null) {
                end.stored = engine.jobEnd(this, end); // here: once published, a store's thread may write it
            }
            if (PHASE.compareAndSet(this, now, end)) {
                break;
            }
        }
        engine.events.ended(this, end);
        if (lane.forecast != null && request.claimed() == null && !end.isStopped()) {
            lane.forecast.ended(engine.time.nanoTime() - arrivalNanos);
        }
        if (end.tracked) {
            tracker.channel().sync();
        } else {
            tracker.takeBack();
            waiters.wakeAll();
        }
        return true;
    }

    /** The store has the end: the last step of a tracked execution. */
    void settled() {
        engine.forget(this); // first, so that a repeated keyed call meets the stored answer
        waiters.wakeAll();
    }

    /** The store did not take the end: who waits here has it here, and the job stays held until the store has it. */
    void unsettled() {
        waiters.wakeAll();
    }

    /** The end, null while there is none. */
    @SuppressWarnings("unchecked") // only ends of this type are put there
    @Nullable End<T> ending() {
        Object now = phase;
        return now instanceof End ? (End<T>) now : null;
    }

    // ---- becoming a job

    /** Makes the work known to the store, once; see {@link Tracker}. */
    CompletableFuture<Tracker.Tracking> track() {
        return tracker.track();
    }

    Tracker tracker() {
        return tracker;
    }

    /** INLINE to TRACKED; false if the work ended first. */
    boolean becomeTracked() {
        return PHASE.compareAndSet(this, INLINE, TRACKED);
    }

    boolean isTracked() {
        Object now = phase;
        return now == TRACKED || (now instanceof End<?> end && end.tracked);
    }

    /** The handle for a caller that leaves before the end; the store knows the work. */
    JobHandle<T> handOut() {
        if (request.named() != null) {
            handedOut = true;
            giveBackAsleep();
        }
        return handle();
    }

    JobHandle<T> handle() {
        return request.named() == null
                ? new LocalHandle<>(this)
                : new StoredHandle<>(engine, id(), lane.type, request.options().replayType());
    }

    /** Attempts begun, here and elsewhere. */
    int attempts() {
        return attempts(run);
    }

    private int attempts(@Nullable Run<T> last) {
        if (last != null) {
            return last.attempt;
        }
        var claimed = request.claimed();
        return claimed == null ? 0 : claimed.attempts() - 1;
    }

    private static JobState state(@Nullable Run<?> last) {
        JobState after = last == null ? JobState.QUEUED : last.after;
        return after == null ? JobState.RUNNING : after;
    }

    /**
     * What an unfinished execution looks like to the store. A named one is RUNNING as long as this process holds it, as
     * if claimed, even if it waits for a worker: no other process is to start it.
     */
    JobUpdate update() {
        Run<T> last = run; // once, or state, attempts and due time could be of two moments
        JobState now = state(last);
        int attempts = attempts(last);
        JobProgress reported = progress;
        JobProgress said = reported == null ? JobProgress.NONE : reported;
        if (request.named() != null) {
            int tries = now == JobState.RUNNING ? attempts : attempts + 1;
            return new JobUpdate(JobState.RUNNING, tries, failures, null, said);
        }
        Instant due = last != null && now == JobState.SCHEDULED ? last.dueAt : null;
        return new JobUpdate(now, attempts, failures, due, said);
    }

    String id() {
        return tracker.id();
    }

    Owner owner() {
        var claimed = request.claimed();
        return new Owner(engine.node, claimed == null ? 1 : claimed.epoch());
    }

    void progress(JobProgress reported) {
        progress = reported;
        if (isTracked()) {
            tracker.channel().progressed();
        }
    }

    // ---- cancellation

    @Nullable CancelCause wish() {
        return wish;
    }

    /** Asks the work to stop; the first wish counts. */
    void cancel(CancelCause cause) {
        synchronized (waiters) {
            if (wish != null || ending() != null) {
                return;
            }
            wish = cause;
        }
        if (engine.dispatcher.remove(this)) {
            end(End.stopped(cause, null, false));
        } else if (!endAsleep(End.stopped(cause, null, false))) {
            Run<T> current = run;
            if (current != null) {
                current.stop(cause);
            }
        }
    }

    void interrupt() {
        Run<T> current = run;
        if (current != null) {
            current.interrupt();
        }
    }

    /** The run does not stop: the job is over, thread and permit stay taken until it really ends. */
    void detach(Run<?> stubborn) {
        CancelCause asked = wish;
        CancelCause cause = asked != null ? asked : stubborn.cause();
        if (cause != null && run == stubborn && stubborn.after == null && end(End.stopped(cause, null, true))) {
            engine.events.detached(this);
        }
    }

    /** {@link #detach} of whatever runs. */
    void detach() {
        Run<T> current = run;
        if (current != null) {
            detach(current);
        }
    }

    @Override
    public int compareTo(Execution<?> other) {
        int byOrder = Long.signum(order - other.order);
        return byOrder != 0 ? byOrder : Long.compare(sequence, other.sequence);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
