package dev.aside.offload.spi;

/** What a wish to cancel a job met. */
public enum CancelAnswer {
    /** It had not started and is CANCELLED now. */
    CANCELLED,
    /** It runs; its owner is told, and it ends soon or finishes anyway. */
    REQUESTED,
    /** It is over already. */
    TERMINAL,
    /** There is no such job. */
    GONE
}
