package dev.aside.offload;

/** No such job is known, or it is not kept any more. */
public final class JobNotFoundException extends OffloadException {
    private static final long serialVersionUID = 1;

    private final String jobId;

    JobNotFoundException(String jobId) {
        super("job " + jobId + " is not known here (any more). Hint: finished jobs are kept for a limited time.", null);
        this.jobId = jobId;
    }

    /** The id that was asked for. */
    public String jobId() {
        return jobId;
    }
}
