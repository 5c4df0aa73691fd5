package dev.aside.offload.redis.crash;

/** The places on the way of a job where a node can be made to stop for good, to be killed there. */
enum Step {
    /** It has read a ticket and is about to claim. */
    CLAIM,
    /** It owns a job and has not begun. */
    CLAIMED,
    /** The work has begun. */
    RUNNING,
    /** The work has had its effect and is about to return. */
    EFFECT,
    /** The result is about to be sent. */
    FINISH,
    /** The result is accepted, and nobody knows here. */
    FINISHED
}
