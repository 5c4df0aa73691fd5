package dev.aside.offload.http;

/** Which clients of an endpoint may get a job instead of the result. */
public enum PromotionMode {
    /** All, when the work is not done within the wait. */
    AFTER_WAIT,
    /** All, always: 202 even for work that would be done at once. */
    AT_ONCE,
    /** Those who send {@code Prefer: respond-async}; the others wait, and what takes too long is cancelled. */
    ON_REQUEST,
    /** None: what takes longer than the wait is cancelled. */
    NEVER
}
