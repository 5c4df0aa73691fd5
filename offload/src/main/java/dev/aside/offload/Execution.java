package dev.aside.offload;

import dev.aside.offload.job.JobProgress;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.JobUpdate;
import dev.aside.offload.spi.Owner;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work on its way through this process: waits, runs, ends, and becomes known to the store when somebody
 * has to be given its id.
 *
 * <p>Thread-safe. {@code phase} decides every race with one compare-and-set: INLINE (nobody outside knows of it) to
 * TRACKED (the store does), and either of them to an {@link End}. What an end carries is written before it is
 * published. The order of a tracked end: phase, store, waiters; who is woken finds the end in the store.
 */
final class Execution<T extends @Nullable Object> implements Comparable<Execution<?>> {
    private static final VarHandle PHASE;
    private static final Object INLINE = new Object();
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
    final long arrivalNanos;
    final Waiters waiters = new Waiters();
    /** Order among equals; guarded by the dispatcher's lock. */
    long sequence;

    private final JobTask<T, ?> task;
    private final ThreadLease lease = new ThreadLease();
    private final Cancellation cancellation = new Cancellation(this);
    private final JobChannel channel = new JobChannel(this);
    private volatile Object phase = INLINE;
    private volatile boolean running;
    private volatile int attempts;
    private volatile JobProgress progress = JobProgress.NONE;
    private volatile @Nullable String id;
    private volatile @Nullable CompletableFuture<Tracking> tracking;
    private long startedNanos;
    private long endedNanos;

    Execution(Engine engine, TypeLane lane, JobTask<T, ?> task) {
        this.engine = engine;
        this.lane = lane;
        this.task = task;
        this.arrivalNanos = engine.time.nanoTime();
    }

    /** What runs on the calling thread, null if that is no worker. */
    static @Nullable Execution<?> current() {
        return CURRENT.get();
    }

    /** Runs the work on the calling worker. Returns when the thread is free for other work. */
    void run() {
        startedNanos = engine.time.nanoTime();
        endedNanos = startedNanos;
        if (cancellation.cause() != null) {
            end(stopped(null, false));
            return;
        }
        running = true;
        int attempt = attempts + 1;
        attempts = attempt; // only its one worker counts
        syncIfTracked();
        @Nullable Throwable thrown = null;
        @Nullable T value = null;
        lease.take();
        CURRENT.set(this);
        try {
            value = task.run(new RunContext(this, cancellation, attempt));
        } catch (Throwable e) { // whatever it is, it belongs to the caller
            thrown = e;
        } finally {
            CURRENT.remove();
            lease.release();
        }
        endedNanos = engine.time.nanoTime();
        if (thrown == null) {
            end(Execution.<T>succeeded(value));
        } else if (cancellation.cause() != null) {
            end(stopped(thrown, false));
        } else {
            end(End.failed(thrown, engine.problemOf(thrown)));
        }
    }

    @SuppressWarnings("NullAway") // T says whether it may be null
    private static <T extends @Nullable Object> End<T> succeeded(@Nullable T value) {
        return End.succeeded(value);
    }

    /** It could not be given a thread. */
    void failUnstarted(Throwable reason) {
        end(End.failed(reason, engine.problemOf(reason)));
    }

    long runNanos() {
        return endedNanos - startedNanos;
    }

    // ---- the end

    private End<T> stopped(@Nullable Throwable thrown, boolean detached) {
        CancelCause cause = cancellation.cause();
        return End.stopped(cause == null ? CancelCause.asked("stopped") : cause, thrown, detached);
    }

    /** Publishes the end; false if there was one before. */
    private boolean end(End<T> end) {
        while (true) {
            Object now = phase;
            if (now instanceof End) {
                return false;
            }
            end.tracked = now == TRACKED;
            if (PHASE.compareAndSet(this, now, end)) {
                break;
            }
        }
        cancellation.over();
        if (end.tracked) {
            channel.sync();
        } else {
            waiters.wakeAll();
        }
        return true;
    }

    /** The store has the end, or has been tried: the last step of a tracked execution. */
    void settled() {
        waiters.wakeAll();
        engine.live.remove(id(), this);
    }

    /** The end, null while there is none. */
    @SuppressWarnings("unchecked") // only ends of this type are put there
    @Nullable End<T> ending() {
        Object now = phase;
        return now instanceof End ? (End<T>) now : null;
    }

    // ---- becoming a job

    /** How an attempt to make the work known to the store came out. */
    record Tracking(boolean known, @Nullable Throwable failure) {}

    /**
     * Makes the work known to the store, once. The future says whether it is known now; if not and without a failure,
     * the work ended first and nobody needs to know.
     */
    CompletableFuture<Tracking> track() {
        CompletableFuture<Tracking> mine = new CompletableFuture<>();
        synchronized (waiters) {
            CompletableFuture<Tracking> begun = tracking;
            if (begun != null) {
                return begun;
            }
            tracking = mine;
        }
        CompletionStage<Admission> stage;
        try {
            stage = engine.store.track(channel.firstRecord());
        } catch (RuntimeException e) { // a store must not throw; one that does has failed
            stage = CompletableFuture.failedFuture(e);
        }
        stage.whenComplete((admission, failure) -> tracked(mine, admission, failure));
        return mine;
    }

    private void tracked(CompletableFuture<Tracking> mine, @Nullable Admission admission, @Nullable Throwable failure) {
        if (failure != null || admission == null || admission.answer() != Admission.Answer.ACCEPTED) {
            tracking = null; // may be tried again
            mine.complete(new Tracking(false, failure != null ? failure : engine.storeFull(lane.type)));
            return;
        }
        engine.live.put(id(), this); // before anybody can know the id
        if (PHASE.compareAndSet(this, INLINE, TRACKED)) {
            channel.sync(); // it may have started or progressed since the record was made
            mine.complete(new Tracking(true, null));
        } else {
            // Guards against race: the work ended between the write and here
            // (PromotionRaceTest.endDuringWrite_isDone_andStoreForgets)
            engine.live.remove(id(), this);
            engine.untrack(id(), owner());
            mine.complete(new Tracking(false, null));
        }
    }

    boolean isTracked() {
        Object now = phase;
        return now == TRACKED || (now instanceof End<?> end && end.tracked);
    }

    void syncIfTracked() {
        if (isTracked()) {
            channel.sync();
        }
    }

    String id() {
        String known = id;
        if (known == null) {
            synchronized (waiters) {
                known = id;
                if (known == null) {
                    known = engine.newId();
                    id = known;
                }
            }
        }
        return known;
    }

    Owner owner() {
        return new Owner(engine.node, 1);
    }

    /** What an unfinished execution looks like to the store. */
    JobUpdate update() {
        return new JobUpdate(running ? JobState.RUNNING : JobState.QUEUED, attempts, 0, null, progress);
    }

    void progress(JobProgress reported) {
        progress = reported;
        if (isTracked()) {
            channel.progressed();
        }
    }

    // ---- cancellation

    /** Asks the work to stop; false if it was asked before or is over. */
    boolean cancel(CancelCause cause) {
        if (ending() != null || !cancellation.begin(cause)) {
            return false;
        }
        if (engine.dispatcher.remove(this)) {
            end(stopped(null, false));
        } else {
            cancellation.escalate(lane.options);
        }
        return true;
    }

    void interrupt() {
        lease.interrupt();
    }

    /** The work does not stop: the job is over, thread and permit stay taken until it really ends. */
    void detach() {
        if (running) {
            end(stopped(null, true));
        }
    }

    Cancellation cancellation() {
        return cancellation;
    }

    @Override
    public int compareTo(Execution<?> other) {
        return Long.compare(sequence, other.sequence);
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
