package dev.aside.offload;

import dev.aside.offload.spi.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one caller that does not block: the same steps as {@link Promotion}, taken by timers. The answer is
 * completed on a callback thread, never on the timer's, the store's or a worker's.
 */
final class AsyncPromotion<T extends @Nullable Object> {
    private final Engine engine;
    private final Execution<T> execution;
    private final Wait wait;
    private final long arrivalNanos;
    private final boolean replayed;
    private final long deadline;
    private final long lastMoment;
    private final CompletableFuture<Outcome<T>> answer = new CompletableFuture<>();
    private final AtomicBoolean answered = new AtomicBoolean();
    private TimeSource.@Nullable Timeout timer;
    /** Why it could not be made a job so far. */
    private volatile @Nullable Throwable lastFailure;

    private AsyncPromotion(Execution<T> execution, Wait wait, long arrivalNanos, boolean replayed) {
        this.engine = execution.engine;
        this.execution = execution;
        this.wait = wait;
        this.arrivalNanos = arrivalNanos;
        this.replayed = replayed;
        this.deadline = arrivalNanos + wait.thresholdNanos();
        this.lastMoment = Math.max(deadline, arrivalNanos + engine.maxInlineNanos);
    }

    static <T extends @Nullable Object> CompletionStage<Outcome<T>> await(
            Execution<T> execution, Wait wait, long arrivalNanos, boolean replayed) {
        AsyncPromotion<T> promotion = new AsyncPromotion<>(execution, wait, arrivalNanos, replayed);
        promotion.begin();
        return promotion.answer; // a minimal stage would wrap what the task threw
    }

    private void begin() {
        if (wait.mayContinue()) {
            at(deadline - engine.writeBudgetNanos, this::track);
        } else {
            at(deadline, this::abandon);
        }
        execution.waiters.add(this::ended);
    }

    private void at(long moment, Runnable step) {
        if (engine.time.nanoTime() - moment >= 0) {
            step.run();
            return;
        }
        synchronized (this) {
            if (!answer.isDone()) {
                timer = engine.time.schedule(moment, step);
            }
        }
    }

    private void ended() {
        synchronized (this) {
            if (timer != null) {
                timer.cancel();
            }
        }
        engine.callbacks.execute(() -> {
            End<T> end = execution.ending();
            if (end == null || !answers()) {
                return;
            }
            try {
                answer.complete(Answers.deliver(execution, end, wait, arrivalNanos, replayed));
            } catch (Throwable thrown) { // the task's own, handed over as it is
                answer.completeExceptionally(thrown);
            }
            Answers.delivered(execution, end, wait);
        });
    }

    private void track() {
        if (execution.request.named() == null) {
            write();
        } else {
            engine.callbacks.execute(this::write); // its payload has to be encoded
        }
    }

    private void write() {
        CompletableFuture<Tracker.Tracking> tracking = execution.track();
        if (!tracking.isDone()) {
            at(lastMoment, this::abandon); // should the store never answer
        }
        CompletionStage<Tracker.Tracking> answered = tracking;
        answered.whenComplete((outcome, failure) -> tracked(outcome));
    }

    private void tracked(Tracker.Tracking tracking) {
        synchronized (this) {
            if (timer != null) {
                timer.cancel();
            }
        }
        lastFailure = tracking.failure();
        if (tracking.known()) {
            at(deadline, this::promote);
        } else if (tracking.failure() != null) {
            if (engine.time.nanoTime() - lastMoment >= 0) {
                abandon();
            } else {
                at(Math.min(lastMoment, engine.time.nanoTime() + Promotion.RETRY_NANOS), this::track);
            }
        }
    }

    private void promote() {
        engine.callbacks.execute(() -> {
            if (execution.ending() == null && answers()) {
                try {
                    answer.complete(new Outcome.Promoted<>(execution.handOut(), replayed));
                } catch (Throwable thrown) { // nobody else answers any more
                    answer.completeExceptionally(thrown);
                }
                engine.events.answered(execution, wait.mode());
            }
        });
    }

    private void abandon() {
        engine.callbacks.execute(() -> {
            if (execution.ending() == null && answers()) {
                try {
                    answer.completeExceptionally(Answers.abandoned(execution, arrivalNanos, lastFailure));
                } catch (Throwable thrown) { // nobody else answers any more
                    answer.completeExceptionally(thrown);
                }
            }
        });
    }

    /** Whether the calling thread is the one to answer: what follows is done once, and the first one decides. */
    private boolean answers() {
        return !answer.isDone() && answered.compareAndSet(false, true);
    }
}
