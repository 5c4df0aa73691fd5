package dev.aside.offload;

import org.jspecify.annotations.Nullable;

/** The job store did not do what it was asked to. */
public final class JobStoreException extends OffloadException {
    private static final long serialVersionUID = 1;

    /**
     * For stores.
     *
     * @param message what it did not do, and where
     */
    public JobStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
