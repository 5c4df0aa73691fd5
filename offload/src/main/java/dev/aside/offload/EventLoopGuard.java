package dev.aside.offload;

/** What happens when an event loop (Reactor, Netty, Vert.x) asks for something that would block it. */
public enum EventLoopGuard {
    /** It is refused with a message that names the way that does not block. */
    REFUSE,
    /** It is done, and logged. */
    WARN,
    /** It is done. */
    OFF
}
