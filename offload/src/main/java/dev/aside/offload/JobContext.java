package dev.aside.offload;

import dev.aside.offload.job.JobProblem;

/** What running work may ask and tell about itself. Thread-safe; of no use after the run has ended. */
public interface JobContext {
    /** The id this work has, or will have if it becomes a job. */
    String jobId();

    /** The type of the work. */
    String type();

    /** Which attempt this is, from 1. */
    int attempt();

    /**
     * Reports how far the work has come.
     *
     * @param done units done, 0 or more
     * @param total units in all, 0 when unknown
     * @throws IllegalArgumentException if a number is negative or {@code done} is above a known {@code total}
     */
    default void progress(long done, long total) {
        progress(done, total, "");
    }

    /**
     * Reports how far the work has come and what it does. Cheap enough for a loop: a store gets at most one write per
     * its interval, the last report always arrives.
     *
     * @param message at most 256 characters are kept; shown to whoever may see the job
     */
    void progress(long done, long total, String message);

    /**
     * Says what clients are told if this run fails, instead of what {@link OffloadBuilder#problems} makes of the
     * exception. The last call counts; without effect on a run that succeeds, is cancelled or runs into its time limit.
     */
    void problem(JobProblem problem);

    /** Whether the work should stop: somebody cancelled it, its time is over, or the executor closes. */
    boolean isCancelled();

    /**
     * Stops here if the work should stop.
     *
     * @throws JobCancelledException if {@link #isCancelled()}
     */
    void throwIfCancelled();

    /**
     * Runs the action when the work should stop, e.g. to close a socket or to cancel a statement. It runs at once if
     * that is so already, else on a thread of the executor; what it throws is logged.
     *
     * @return closes the registration, for work that leaves the place the action is meant for
     */
    Registration onCancel(Runnable action);

    /**
     * A number that grows with every run of this job. Give it to whatever the work writes to, and let that refuse a
     * smaller one than it has seen: so a run that was thought dead cannot overwrite a later one.
     */
    long fencingToken();

    /** Ends a registration. Closing twice does nothing. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
