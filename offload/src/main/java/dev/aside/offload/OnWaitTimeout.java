package dev.aside.offload;

/** What becomes of work that is not done when its caller's wait is over. */
public enum OnWaitTimeout {
    /** It goes on as a job; the caller gets the id. */
    CONTINUE,
    /** It is cancelled; the caller gets a {@link WaitExceededException}. */
    CANCEL
}
