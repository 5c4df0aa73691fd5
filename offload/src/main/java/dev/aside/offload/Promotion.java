package dev.aside.offload;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one blocked caller: for the end of the work, and at the threshold for its promotion.
 *
 * <pre>
 *   arrival ... threshold - write budget: the store is told ... threshold: the caller leaves with the handle
 *                                                               if the store has not answered, it waits on,
 *                                                               to maxInline, then the work is cancelled
 * </pre>
 *
 * An interrupt of the caller ends its wait as the threshold does; the flag is set again when it leaves.
 */
final class Promotion<T extends @Nullable Object> {
    static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** About what it takes to wake a worker and to be woken by it. */
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    /** More than there is time for, as a clock may stand still; none where nobody else could do anything meanwhile. */
    private static final int MAX_SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 1_000 : 0;

    private final Engine engine;
    private final Execution<T> execution;
    private final Wait wait;
    private final long arrivalNanos;
    private final boolean replayed;
    private boolean interrupted;

    private Promotion(Execution<T> execution, Wait wait, long arrivalNanos, boolean replayed) {
        this.engine = execution.engine;
        this.execution = execution;
        this.wait = wait;
        this.arrivalNanos = arrivalNanos;
        this.replayed = replayed;
    }

    /**
     * Blocks until there is an outcome. What the task threw is thrown as it is.
     *
     * @param replayed whether the execution is that of an earlier call with the same key
     */
    static <T extends @Nullable Object> Outcome<T> await(
            Execution<T> execution, Wait wait, long arrivalNanos, boolean replayed) throws Throwable {
        Promotion<T> promotion = new Promotion<>(execution, wait, arrivalNanos, replayed);
        promotion.lookOn(); // as nobody's waiter yet: who comes to the end meanwhile has nobody to wake
        Waiters.Node node = execution.waiters.addCurrentThread();
        try {
            return promotion.outcome();
        } finally {
            node.drop();
            if (promotion.interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Outcome<T> outcome() throws Throwable {
        long deadline = arrivalNanos + wait.thresholdNanos();
        park(firstDeadline(), execution.waiters::isOver);
        if (execution.waiters.isOver()) {
            return delivered();
        }
        if (!wait.mayContinue()) {
            throw Answers.abandoned(execution, arrivalNanos, null);
        }
        long lastMoment = Math.max(deadline, arrivalNanos + engine.maxInlineNanos);
        while (true) {
            CompletableFuture<Tracker.Tracking> tracking = execution.track();
            if (!tracking.isDone()) {
                Thread caller = Thread.currentThread();
                CompletionStage<?> answered = tracking;
                answered.whenComplete((ignored, failure) -> LockSupport.unpark(caller));
                park(lastMoment, () -> tracking.isDone() || execution.ending() != null);
            }
            if (!interrupted) {
                park(deadline, execution.waiters::isOver);
            }
            if (execution.ending() != null) {
                return delivered();
            }
            Tracker.Tracking answer = tracking.getNow(null);
            if (answer != null && answer.known()) {
                engine.events.answered(execution, wait.mode());
                return new Outcome.Promoted<>(execution.handOut(), replayed);
            }
            if (engine.time.nanoTime() - lastMoment >= 0) {
                throw Answers.abandoned(execution, arrivalNanos, answer == null ? null : answer.failure());
            }
            park(Math.min(lastMoment, engine.time.nanoTime() + RETRY_NANOS), () -> execution.ending() != null);
        }
    }

    /**
     * Short work may be done sooner than this thread could be parked and woken: by a worker that waits for this very
     * processor, or on another one.
     */
    @SuppressWarnings("ThreadPriorityCheck") // a hint that saves a park; nothing depends on it
    private void lookOn() {
        if (execution.waiters.isOver() || firstDeadline() - arrivalNanos < SPIN_NANOS) {
            return;
        }
        TypeLane lane = execution.lane;
        int spinning = lane.spin.begin();
        if (spinning == 0) {
            return;
        }
        long begin = engine.time.nanoTime();
        if (begin + SPIN_NANOS - firstDeadline() > 0) {
            return;
        }
        long runs = lane.runs();
        Thread.yield();
        long now = engine.time.nanoTime();
        for (int i = 0; i < MAX_SPINS && !execution.waiters.isOver() && now - begin < SPIN_NANOS; i++) {
            Thread.onSpinWait();
            now = engine.time.nanoTime();
        }
        boolean lost = AdaptiveSpin.isLong(now - begin)
                && !engine.crowd.explains(now - begin, lane.runs() - runs, firstDeadline() - begin);
        lane.spin.ended(spinning, execution.waiters.isOver(), lost);
    }

    /** When the store has to be told, or the work to be cancelled. */
    private long firstDeadline() {
        long deadline = arrivalNanos + wait.thresholdNanos();
        return wait.mayContinue() ? deadline - engine.writeBudgetNanos : deadline;
    }

    /** Parks until the condition holds, the deadline is reached, or the caller is interrupted for the first time. */
    private void park(long deadline, BooleanSupplier until) {
        while (!until.getAsBoolean()) {
            engine.time.parkUntil(execution, deadline); // not at all if that has passed
            if (Thread.interrupted() && !interrupted) {
                interrupted = true;
                return;
            }
            if (!until.getAsBoolean() && engine.time.nanoTime() - deadline >= 0) {
                return;
            }
        }
    }

    private Outcome<T> delivered() throws Throwable {
        End<T> end = execution.ending();
        if (end == null) {
            throw new IllegalStateException("delivered before its end");
        }
        Answers.delivered(execution, end, wait);
        return Answers.deliver(execution, end, wait, arrivalNanos, replayed);
    }
}
