package dev.aside.offload.job;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a job stands. All legal moves:
 *
 * <pre>
 *            submit -> SCHEDULED -due-> QUEUED -claim-> RUNNING -> SUCCEEDED
 *               `-------------------------^ ^             | |----> FAILED     (dead set; a re-run puts it back to QUEUED)
 *                        release (drain) --' |             | |----> CANCELLED
 *                        lease lost ---------'<------------' |----> SCHEDULED  (retry)
 *      QUEUED, SCHEDULED -> CANCELLED, EXPIRED (start-by)    `----> LOST       (work that lived in a dead process)
 * </pre>
 *
 * A wish to cancel is a flag on the job, not a state: a job that finishes anyway has SUCCEEDED.
 */
public enum JobState {
    /** Waits for its time: a delay, or the pause before a retry. */
    SCHEDULED,
    /** Ready to start, waiting for a worker, a permit, or an open circuit breaker to close. */
    QUEUED,
    /** A worker runs it. */
    RUNNING,
    /** Ended with a result. */
    SUCCEEDED,
    /** Ended with a failure and no attempt is left. A named job may be run again from here. */
    FAILED,
    /** Ended because somebody asked. */
    CANCELLED,
    /** Not started before its start-by time. */
    EXPIRED,
    /** The process that held the work is gone and the work cannot be run elsewhere. */
    LOST;

    /** The states this one may move to. */
    public Set<JobState> next() {
        return switch (this) {
            case SCHEDULED -> EnumSet.of(QUEUED, CANCELLED, EXPIRED, FAILED, LOST);
            case QUEUED -> EnumSet.of(RUNNING, SCHEDULED, CANCELLED, EXPIRED, FAILED, LOST);
            case RUNNING -> EnumSet.of(SUCCEEDED, FAILED, CANCELLED, SCHEDULED, QUEUED, LOST);
            case FAILED -> EnumSet.of(QUEUED);
            case SUCCEEDED, CANCELLED, EXPIRED, LOST -> EnumSet.noneOf(JobState.class);
        };
    }

    /** Whether a job may go from this state to {@code other}. */
    public boolean canBecome(JobState other) {
        return next().contains(other);
    }

    /** Whether the job is over. Only a re-run of a FAILED named job leads out of such a state. */
    public boolean isTerminal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED || this == EXPIRED || this == LOST;
    }
}
