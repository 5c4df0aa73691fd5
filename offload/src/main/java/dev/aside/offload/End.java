package dev.aside.offload;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobState;
import org.jspecify.annotations.Nullable;

/** How an execution ended: its last phase. */
final class End<T extends @Nullable Object> {
    final JobState state;
    final @Nullable T value;
    final @Nullable Throwable thrown;
    final @Nullable JobProblem problem;
    /** Whether the thread still ran. */
    final boolean detached;
    /** Whether a store has to be told; set by the winner of the race before it publishes this. */
    boolean tracked;

    private End(
            JobState state,
            @Nullable T value,
            @Nullable Throwable thrown,
            @Nullable JobProblem problem,
            boolean detached) {
        this.state = state;
        this.value = value;
        this.thrown = thrown;
        this.problem = problem;
        this.detached = detached;
    }

    static <T extends @Nullable Object> End<T> succeeded(T value) {
        return new End<>(JobState.SUCCEEDED, value, null, null, false);
    }

    static <T extends @Nullable Object> End<T> failed(Throwable thrown, JobProblem problem) {
        return new End<>(JobState.FAILED, null, thrown, problem, false);
    }

    static <T extends @Nullable Object> End<T> stopped(
            CancelCause cause, @Nullable Throwable thrown, boolean detached) {
        return new End<>(cause.state(), null, thrown, cause.problem(), detached);
    }

    /** The exception in short, for operators. */
    String error() {
        return thrown == null ? "" : Texts.summary(thrown);
    }
}
