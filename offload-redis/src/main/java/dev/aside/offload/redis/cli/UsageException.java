package dev.aside.offload.redis.cli;

/** The command line makes no sense; the message says why and how it would. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
