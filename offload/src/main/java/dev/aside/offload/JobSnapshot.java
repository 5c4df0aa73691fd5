package dev.aside.offload;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobProgress;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job as it stood when it was asked for: state, progress, and at the end its result or why there is none. */
public final class JobSnapshot {
    private final JobRecord record;
    private final @Nullable Payload result;
    private final Values values;
    private final @Nullable Duration retryAfter;

    JobSnapshot(JobRecord record, @Nullable Payload result, Values values, @Nullable Duration retryAfter) {
        this.values = values;
        this.record = record;
        this.result = result;
        this.retryAfter = retryAfter;
    }

    /** The id. */
    public String id() {
        return record.id();
    }

    /** The type. */
    public String type() {
        return record.type();
    }

    /** Where it stands. */
    public JobState state() {
        return record.state();
    }

    /** Whether it is over. */
    public boolean isFinished() {
        return record.state().isTerminal();
    }

    /** What it reported last. */
    public JobProgress progress() {
        return record.progress();
    }

    /**
     * When it is worth asking again, 0.8 s to 36 s; empty when it is over, when its type is not adaptive or is not known
     * well enough here.
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Why it has no result; empty unless it ended without one. May be shown to clients. */
    public Optional<JobProblem> problem() {
        return Optional.ofNullable(record.problem());
    }

    /** Whether it SUCCEEDED and its result is not kept any more. */
    public boolean isResultExpired() {
        return record.state() == JobState.SUCCEEDED && result == null;
    }

    /**
     * The result.
     *
     * @param type what it is
     * @return the result, null if the task returned null
     * @throws IllegalStateException if the job has not SUCCEEDED
     * @throws JobNotFoundException if the result is not kept any more
     * @throws ClassCastException if it is something else
     */
    public <T> @Nullable T result(Class<T> type) {
        if (record.state() != JobState.SUCCEEDED) {
            throw new IllegalStateException("job " + id() + " is " + state()
                    + " and has no result. Hint: ask isFinished() and problem() first.");
        }
        if (result == null) {
            throw new JobNotFoundException(id());
        }
        return values.read(type(), 0, result, type);
    }

    /** The result as the store keeps it; empty unless SUCCEEDED and still kept. */
    public Optional<Payload> resultPayload() {
        return Optional.ofNullable(result);
    }

    /** Everything that is known about the job, for operators; texts of exceptions among it. */
    public JobRecord record() {
        return record;
    }

    @Override
    public String toString() {
        return "JobSnapshot[" + id() + " " + type() + " " + state() + "]";
    }
}
