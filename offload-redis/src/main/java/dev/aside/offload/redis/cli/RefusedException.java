package dev.aside.offload.redis.cli;

/** There is no such thing, or it is not in a state for that. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message);
    }
}
