package dev.aside.offload.spi;

import java.util.Map;

/**
 * Carries something that belongs to a thread (trace, MDC, locale, the caller's name) from whoever asks for work to
 * whoever does it. Thread-safe.
 */
public interface ContextCarrier {
    /** Takes what the calling thread has. */
    Captured capture();

    /** Restores what {@link Captured#export()} gave, maybe in another process; ignores names it does not know. */
    Captured load(Map<String, String> exported);

    /** What one thread had. */
    interface Captured {
        /** Puts it on the calling thread; closing the scope puts back what was there. */
        Scope restore();

        /** What may leave the process, by names of its own; never secrets, such as tokens. */
        Map<String, String> export();
    }

    /** The time in which a thread has what was captured. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
