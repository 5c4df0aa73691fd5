package dev.aside.offload;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What callers are told at the end of their wait. */
final class Answers {
    private Answers() {}

    /** What the end means to an inline caller: the result, or a throwable to throw as it is. */
    @SuppressWarnings("NullAway") // a success carries what the task returned, and T says whether that may be null
    static <T extends @Nullable Object> Outcome<T> deliver(Execution<T> execution, End<T> end, boolean replayed)
            throws Throwable {
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

    /** The compiler is told that it is unchecked; the signature of call says what it really may be. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <X extends Throwable> X unchanged(Throwable thrown) throws X {
        throw (X) thrown;
    }

    /** A caller gives up; the last one cancels the work. */
    static WaitExceededException abandoned(Execution<?> execution, long sinceNanos, @Nullable Throwable cause) {
        if (execution.interested.decrementAndGet() == 0) {
            execution.cancel(CancelCause.waitExceeded());
        }
        Duration waited = Duration.ofNanos(execution.engine.time.nanoTime() - sinceNanos);
        return new WaitExceededException(execution.lane.type, waited, cause);
    }
}
