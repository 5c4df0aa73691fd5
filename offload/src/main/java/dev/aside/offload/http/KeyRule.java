package dev.aside.offload.http;

/** What an endpoint makes of an {@code Idempotency-Key}. */
public enum KeyRule {
    /** Honoured when it is sent. */
    OPTIONAL,
    /** A request without one is refused. */
    REQUIRED,
    /** Not looked at. */
    IGNORED
}
