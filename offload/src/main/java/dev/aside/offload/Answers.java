package dev.aside.offload;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What callers are told at the end of their wait. */
final class Answers {
    private Answers() {}

    /**
     * What the end means to a caller that still waits: the result, a throwable to throw as it is, or the job if it went
     * back to the store.
     */
    @SuppressWarnings("NullAway") // a success carries what the task returned, and T says whether that may be null
    static <T extends @Nullable Object> Outcome<T> deliver(
            Execution<T> execution, End<T> end, Wait wait, long sinceNanos, boolean replayed) throws Throwable {
        if (end.handedBack != null) {
            if (wait.mayContinue()) {
                return new Outcome.Promoted<>(execution.handle(), replayed);
            }
            throw abandoned(execution, sinceNanos, null);
        }
        if (replayed && end.problem != null && !end.refused) {
            throw new JobFailedException(execution.id(), end.problem, end.thrown);
        }
        if (end.thrown != null) {
            throw end.thrown;
        }
        if (end.problem != null) {
            String detail = end.problem.detail();
            throw new JobCancelledException(detail == null ? end.problem.title() : detail);
        }
        return new Outcome.Done<>(end.value, replayed);
    }

    /** To be called for the caller that {@link #deliver} was for, when nothing else answers it any more. */
    static void delivered(Execution<?> execution, End<?> end, Wait wait) {
        if (end.handedBack != null) {
            if (wait.mayContinue()) {
                execution.engine.events.answered(execution, wait.mode());
            }
            return;
        }
        if (!end.refused) {
            execution.engine.events.answered(execution, OffloadEvent.Mode.INLINE);
        }
        execution.forgetRecord();
    }

    /** The compiler is told that it is unchecked; the signature of call says what it really may be. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <X extends Throwable> X unchanged(Throwable thrown) throws X {
        throw (X) thrown;
    }

    /** A caller gives up; the last one cancels the work. */
    static WaitExceededException abandoned(Execution<?> execution, long sinceNanos, @Nullable Throwable cause) {
        if (execution.interest.leave()) {
            execution.cancel(CancelCause.waitExceeded());
        }
        Duration waited = Duration.ofNanos(execution.engine.time.nanoTime() - sinceNanos);
        return new WaitExceededException(execution.lane.type, waited, cause);
    }
}
