package dev.aside.offload;

import org.jspecify.annotations.Nullable;

/** An attempt ran longer than its time limit. Retry rules see this in place of what the stopped task threw. */
public final class JobTimeoutException extends OffloadException {
    private static final long serialVersionUID = 1;

    JobTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
