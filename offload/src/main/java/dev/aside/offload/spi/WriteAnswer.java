package dev.aside.offload.spi;

/** A store's answer to a write of a job's owner. */
public enum WriteAnswer {
    /** Done. */
    OK,
    /** Was done before by the same owner: a repeated command. */
    ALREADY,
    /** Refused: the job has another owner by now, or is over. */
    FENCED,
    /** There is no such job (any more). */
    GONE
}
