package dev.aside.offload;

/** In what condition work has left its thread. */
enum Left {
    /** It is over. */
    ENDED,
    /** It goes on without a thread and keeps its permit. */
    PENDING,
    /** It waits for its next attempt. */
    ASLEEP,
    /** A gate was closed: it has not begun and waits in its lane again. */
    BOUNCED
}
