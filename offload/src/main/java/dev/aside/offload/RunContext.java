package dev.aside.offload;

import dev.aside.offload.job.JobProgress;

/** What one run of an execution shows to the work. */
final class RunContext implements JobContext {
    private final Execution<?> execution;
    private final Cancellation cancellation;
    private final int attempt;

    RunContext(Execution<?> execution, Cancellation cancellation, int attempt) {
        this.execution = execution;
        this.cancellation = cancellation;
        this.attempt = attempt;
    }

    @Override
    public String jobId() {
        return execution.id();
    }

    @Override
    public String type() {
        return execution.lane.type;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public void progress(long done, long total, String message) {
        execution.progress(new JobProgress(done, total, message));
    }

    @Override
    public boolean isCancelled() {
        return cancellation.cause() != null;
    }

    @Override
    public void throwIfCancelled() {
        CancelCause cause = cancellation.cause();
        if (cause != null) {
            throw new JobCancelledException(cause.reason());
        }
    }

    @Override
    public Registration onCancel(Runnable action) {
        return cancellation.onCancel(action);
    }

    @Override
    public long fencingToken() {
        return execution.owner().epoch();
    }
}
