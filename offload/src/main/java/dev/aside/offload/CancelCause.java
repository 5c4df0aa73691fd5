package dev.aside.offload;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobState;
import java.time.Duration;

/**
 * Why work should stop, and what the job is when it does.
 *
 * @param state CANCELLED, FAILED or LOST
 * @param problem what clients are told
 * @param reason in a few words
 */
record CancelCause(JobState state, JobProblem problem, String reason) {
    private static final CancelCause SHUTDOWN =
            new CancelCause(JobState.LOST, JobProblem.lost(), "the executor was closed");

    static CancelCause asked(String reason) {
        return new CancelCause(JobState.CANCELLED, JobProblem.cancelled(reason), reason);
    }

    static CancelCause waitExceeded() {
        return asked("its caller's wait was over");
    }

    static CancelCause timeout(Duration limit) {
        return new CancelCause(
                JobState.FAILED,
                JobProblem.timeout(limit.toMillis() + " ms"),
                "its time limit of " + limit + " is over");
    }

    static CancelCause fenced() {
        return new CancelCause(JobState.LOST, JobProblem.lost(), "another process has the job");
    }

    static CancelCause shutdown() {
        return SHUTDOWN;
    }

    boolean isShutdown() {
        return equals(SHUTDOWN);
    }
}
