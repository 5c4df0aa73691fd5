package dev.aside.offload;

/** The work was told to stop. */
public final class JobCancelledException extends OffloadException {
    private static final long serialVersionUID = 1;

    private final String reason;

    JobCancelledException(String reason) {
        super("the work was cancelled: " + reason, null);
        this.reason = reason;
    }

    /** Why. */
    public String reason() {
        return reason;
    }
}
