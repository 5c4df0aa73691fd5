package dev.aside.offload;

import java.time.Duration;

/** There is no room to wait in: the call was refused before it began. The caller may come again. */
public final class BacklogFullException extends OffloadException {
    private static final long serialVersionUID = 1;

    private final String type;
    private final Duration retryAfter;

    BacklogFullException(String type, int waiting, Duration retryAfter) {
        super(
                "job type " + type + " has " + (waiting < 0 ? "too many" : waiting)
                        + " waiting, no room for more. Hint: come again in " + retryAfter.toSeconds()
                        + " s, or raise maxBacklog or maxConcurrent of the type.",
                null);
        this.type = type;
        this.retryAfter = retryAfter;
    }

    /** The type of the refused call. */
    public String type() {
        return type;
    }

    /** When it is worth coming again, by the present backlog and the speed it shrinks at. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
