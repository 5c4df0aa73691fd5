package dev.aside.cache;

/** What happens when a blocking method is called on an event loop of Reactor, Netty or Vert.x and would have to wait. */
public enum EventLoopGuard {
    /** It waits, and everything else of that event loop waits with it. */
    OFF,
    /** It waits, and that is logged once per cache. */
    WARN,
    /** It throws a {@link BlockingCallException} that names the asynchronous method. The default. */
    REFUSE
}
