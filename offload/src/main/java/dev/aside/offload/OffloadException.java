package dev.aside.offload;

import org.jspecify.annotations.Nullable;

/** What this library throws on its own account. What a task throws reaches its caller as it is. */
public abstract sealed class OffloadException extends RuntimeException
        permits BacklogFullException,
                ExecutorClosedException,
                JobCancelledException,
                JobFailedException,
                JobNotFoundException,
                JobStoreException,
                JobTimeoutException,
                IdempotencyKeyReusedException,
                WaitExceededException {
    private static final long serialVersionUID = 1;

    OffloadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
