package dev.aside.offload.spi;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import org.jspecify.annotations.Nullable;

/**
 * How a run of a job ended.
 *
 * @param state SUCCEEDED, FAILED, CANCELLED, EXPIRED or LOST
 * @param result for SUCCEEDED, else null
 * @param problem for the others, else null
 * @param error the exception in short, for operators; may be empty
 * @param detached whether its thread still runs
 */
public record JobEnd(
        JobState state, @Nullable Payload result, @Nullable JobProblem problem, String error, boolean detached) {
    public JobEnd {
        if (!state.isTerminal()) {
            throw new IllegalArgumentException(state + " is not the end of a job.");
        }
        if ((state == JobState.SUCCEEDED) != (result != null) || (result == null) == (problem == null)) {
            throw new IllegalArgumentException("the end " + state + " carries "
                    + (result == null ? "no result" : "a result") + " and " + (problem == null ? "no" : "a")
                    + " problem. Hint: a result when SUCCEEDED, a problem otherwise.");
        }
    }

    /** Ended with this result. */
    public static JobEnd succeeded(Payload result) {
        return new JobEnd(JobState.SUCCEEDED, result, null, "", false);
    }

    /** Ended without a result. */
    public static JobEnd without(JobState state, JobProblem problem, String error) {
        return new JobEnd(state, null, problem, error, false);
    }
}
