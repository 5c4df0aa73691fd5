package dev.aside.offload;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The call took longer than its caller may wait, and it was not to become a job: the work is being cancelled. */
public final class WaitExceededException extends OffloadException {
    private static final long serialVersionUID = 1;

    private final String type;
    private final Duration waited;

    WaitExceededException(String type, Duration waited, @Nullable Throwable cause) {
        super(
                "a call of job type " + type + " was not done within " + waited.toMillis()
                        + " ms and did not become a job; its work is being cancelled.",
                cause);
        this.type = type;
        this.waited = waited;
    }

    /** The type of the call. */
    public String type() {
        return type;
    }

    /** How long the caller may wait. */
    public Duration waited() {
        return waited;
    }
}
