package dev.aside.offload;

import java.util.concurrent.TimeUnit;

/**
 * Tells why a yield took long: because of many callers of short work, who are all served sooner if each of them yields
 * than if each of them is parked and woken; or because of anything else, behind which who is woken would not have to wait.
 *
 * <p>In a crowd, calls end one after the other, and nobody else has the processors. Without the first, long work of this
 * process would be taken for one; without the second, another program would. Thread-safe.
 */
final class Crowd {
    /** Processor time; about twice what a short call takes that is parked and woken. */
    private static final long CALL_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final ProcessorShare share;
    private final int processors;

    Crowd(ProcessorShare share, int processors) {
        this.share = share;
        this.processors = processors;
    }

    /**
     * Whether the yield was long because of a crowd.
     *
     * @param nanos how long it was
     * @param ended how many calls of the type ended meanwhile
     */
    boolean explains(long nanos, long ended) {
        return ended * CALL_NANOS >= nanos * processors && share.isNearlyAll();
    }
}
