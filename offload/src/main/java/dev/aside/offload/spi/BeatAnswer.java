package dev.aside.offload.spi;

/** A store's answer to a sign of life. */
public enum BeatAnswer {
    /** The lease is renewed. */
    OK,
    /** The lease is renewed, and somebody asked to cancel. */
    CANCEL,
    /** Another owner has the job by now, or it is over: stop. */
    FENCED,
    /** There is no such job (any more): stop. */
    GONE
}
