package dev.aside.offload.spi;

/**
 * What a store tells the processes that use it. Signals are hints: one may come late, twice or never, and every
 * decision is taken from the record. Called on the store's threads; implementations return at once.
 */
public interface JobSignals {
    /** Somebody asked to cancel this running job. */
    void cancelRequested(String jobId, String reason);

    /** A job of this type could start now. */
    void ready(String type);

    /** This job's record has this version now. */
    void changed(String jobId, long version);

    /** Signals may have been missed, say because a connection was lost: whoever waits for one looks again. */
    default void missed() {}
}
