package dev.aside.offload;

/** The idempotency key belongs to an earlier request that asked for something else. */
public final class IdempotencyKeyReusedException extends OffloadException {
    private static final long serialVersionUID = 1;

    private final String type;

    IdempotencyKeyReusedException(String type) {
        super(
                "the idempotency key of a call of job type " + type + " came with another payload before."
                        + " Hint: a new request needs a new key.",
                null);
        this.type = type;
    }

    /** The type of the refused call. */
    public String type() {
        return type;
    }
}
