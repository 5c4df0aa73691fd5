package dev.aside.offload.redis.crash;

import dev.aside.offload.JobType;

/**
 * What a job is to do.
 *
 * @param mode how
 * @param millis how long it takes
 * @param padding makes the payload larger
 */
record Work(Mode mode, int millis, String padding) {
    static final JobType<Work, String> TYPE = JobType.of("work", Work.class, String.class);

    enum Mode {
        /** Takes its time. */
        TAKE_TIME,
        /** Takes until the node is told to let go. */
        HOLD,
        /** Fails. */
        FAIL,
        /** Takes its process down. */
        HALT
    }

    static Work taking(int millis) {
        return new Work(Mode.TAKE_TIME, millis, "");
    }

    static Work of(Mode mode) {
        return new Work(mode, 0, "");
    }

    static Work sized(int bytes) {
        return new Work(Mode.TAKE_TIME, 0, "x".repeat(bytes));
    }

    /** The result of a run. */
    static String result(String jobId, long epoch) {
        return jobId + ' ' + epoch;
    }
}
