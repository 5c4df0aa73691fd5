package dev.aside.offload;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one caller: for the end of the work, and at the threshold for its promotion.
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
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Engine engine;
    private final Execution<T> execution;
    private boolean interrupted;

    private Promotion(Execution<T> execution) {
        this.engine = execution.engine;
        this.execution = execution;
    }

    /**
     * Blocks until there is an outcome. What the task threw is thrown as it is.
     */
    static <T extends @Nullable Object> Outcome<T> await(Execution<T> execution) {
        Promotion<T> wait = new Promotion<>(execution);
        Waiters.Node node = execution.waiters.addCurrentThread();
        try {
            return wait.outcome();
        } finally {
            node.drop();
            if (wait.interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Outcome<T> outcome() {
        long deadline = execution.arrivalNanos + execution.lane.thresholdNanos;
        boolean mayContinue = execution.lane.options.onWaitTimeout() == OnWaitTimeout.CONTINUE;
        park(mayContinue ? deadline - engine.writeBudgetNanos : deadline, execution.waiters::isOver);
        if (execution.ending() != null) {
            return delivered();
        }
        if (!mayContinue) {
            return abandoned(null);
        }
        long lastMoment = Math.max(deadline, execution.arrivalNanos + engine.maxInlineNanos);
        while (true) {
            CompletableFuture<Execution.Tracking> tracking = execution.track();
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
            Execution.Tracking answer = tracking.getNow(null);
            if (answer != null && answer.known()) {
                return new Outcome.Promoted<>(new LocalHandle<>(execution));
            }
            if (engine.time.nanoTime() - lastMoment >= 0) {
                return abandoned(answer == null ? null : answer.failure());
            }
            park(Math.min(lastMoment, engine.time.nanoTime() + RETRY_NANOS), () -> execution.ending() != null);
        }
    }

    /** Parks until the condition holds, the deadline is reached, or the caller is interrupted for the first time. */
    private void park(long deadline, BooleanSupplier until) {
        while (!until.getAsBoolean() && engine.time.nanoTime() - deadline < 0) {
            engine.time.parkUntil(execution, deadline);
            if (Thread.interrupted() && !interrupted) {
                interrupted = true;
                return;
            }
        }
    }

    private Outcome<T> delivered() {
        End<T> end = execution.ending();
        if (end == null) {
            throw new IllegalStateException("delivered before its end");
        }
        return deliver(end);
    }

    @SuppressWarnings("NullAway") // a success carries what the task returned, and T says whether that may be null
    static <T extends @Nullable Object> Outcome<T> deliver(End<T> end) {
        if (end.thrown != null) {
            throw Promotion.<RuntimeException>unchanged(end.thrown);
        }
        if (end.problem != null) {
            throw new JobCancelledException(end.problem.detail() == null ? end.problem.title() : end.problem.detail());
        }
        return new Outcome.Done<>(end.value);
    }

    /** The compiler is told that it is unchecked; the signature of call says what it really may be. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> X unchanged(Throwable thrown) throws X {
        throw (X) thrown;
    }

    private Outcome<T> abandoned(@Nullable Throwable cause) {
        execution.cancel(CancelCause.waitExceeded());
        End<T> end = execution.ending();
        if (end != null && end.problem == null) {
            return delivered();
        }
        throw new WaitExceededException(
                execution.lane.type, Duration.ofNanos(engine.time.nanoTime() - execution.arrivalNanos), cause);
    }
}
