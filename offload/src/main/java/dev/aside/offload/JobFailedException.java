package dev.aside.offload;

import dev.aside.offload.job.JobProblem;
import org.jspecify.annotations.Nullable;

/** The job ended without a result. */
public final class JobFailedException extends OffloadException {
    private static final long serialVersionUID = 1;

    private final String jobId;
    private final JobProblem problem;

    JobFailedException(String jobId, JobProblem problem, @Nullable Throwable cause) {
        super("job " + jobId + " has no result: " + problem.title(), cause);
        this.jobId = jobId;
        this.problem = problem;
    }

    /** Its id. */
    public String jobId() {
        return jobId;
    }

    /** Why, for clients. */
    public JobProblem problem() {
        return problem;
    }
}
