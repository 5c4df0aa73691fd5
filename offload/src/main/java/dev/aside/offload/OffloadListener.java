package dev.aside.offload;

/**
 * Gets events, on the thread where they happen: it has to be quick, must not block and must not throw; what it throws
 * is logged and dropped.
 */
@FunctionalInterface
public interface OffloadListener {
    /** Something happened. */
    void on(OffloadEvent event);
}
