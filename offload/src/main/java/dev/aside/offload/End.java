package dev.aside.offload;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.JobEnd;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How an execution ended in this process: its last phase. Immutable but for what the winner of the race sets. */
final class End<T extends @Nullable Object> {
    final JobState state;
    final @Nullable T value;
    final @Nullable Throwable thrown;
    /** Null for a success and for work that was handed back. */
    final @Nullable JobProblem problem;
    /** Whether the thread still ran. */
    final boolean detached;
    /** Whether it was not taken in: nothing has happened. */
    final boolean refused;
    /** Whether nothing is wrong with it but that this process ends. */
    final boolean byShutdown;
    /** Set when a named job goes back to the store instead: how long it waits there. */
    final @Nullable Duration handedBack;
    /** Whether a store has to be told; set by the winner of the race before it publishes this. */
    boolean tracked;
    /** What the store is told, encoded before it is published; null for an end that is not tracked, or handed back. */
    @Nullable JobEnd stored;

    private End(JobState state, @Nullable T value, @Nullable Throwable thrown, Reason reason) {
        this.state = state;
        this.value = value;
        this.thrown = thrown;
        this.problem = reason.problem;
        this.detached = reason.detached;
        this.refused = reason.refused;
        this.byShutdown = reason.byShutdown;
        this.handedBack = reason.handedBack;
    }

    private record Reason(
            @Nullable JobProblem problem,
            boolean detached,
            boolean refused,
            boolean byShutdown,
            @Nullable Duration handedBack) {
        static final Reason NONE = new Reason(null, false, false, false, null);
    }

    static <T extends @Nullable Object> End<T> succeeded(@Nullable T value) {
        return new End<>(JobState.SUCCEEDED, value, null, Reason.NONE);
    }

    static <T extends @Nullable Object> End<T> failed(Throwable thrown, JobProblem problem) {
        return new End<>(JobState.FAILED, null, thrown, new Reason(problem, false, false, false, null));
    }

    static <T extends @Nullable Object> End<T> refused(OffloadException refusal, JobProblem problem) {
        return new End<>(JobState.FAILED, null, refusal, new Reason(problem, false, true, false, null));
    }

    static <T extends @Nullable Object> End<T> stopped(
            CancelCause cause, @Nullable Throwable thrown, boolean detached) {
        return new End<>(
                cause.state(), null, thrown, new Reason(cause.problem(), detached, false, cause.isShutdown(), null));
    }

    /** A named job goes back to the store: SCHEDULED after a failure, QUEUED when it was not really tried. */
    static <T extends @Nullable Object> End<T> handedBack(JobState state, Duration delay, @Nullable Throwable thrown) {
        return new End<>(state, null, thrown, new Reason(null, false, false, false, delay));
    }

    /** Whether it says nothing of how long the work takes. */
    boolean isStopped() {
        return state != JobState.SUCCEEDED && state != JobState.FAILED;
    }

    /** The exception in short, for operators. */
    String error() {
        return thrown == null ? "" : Texts.summary(thrown);
    }
}
