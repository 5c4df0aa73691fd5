package dev.aside.offload;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Tells whether a yield took long because of many callers of short work of one type. They are all served sooner if each of
 * them yields than if each is parked and woken. Behind anything else who is woken would not have to wait.
 *
 * <p>In a crowd, calls of the type end one after the other, else long work of this process would be taken for one; and this
 * process has the processors, else another program would. Thread-safe.
 */
final class Crowd {
    /** In so much processor time a call has to end: about twice what one takes whose caller is parked, of a few us. */
    private static final long CALL_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    /** What part of the time of who waits one yield may take, and how long it may be. */
    private static final int PART = 8;

    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private final ProcessorShare share;
    private final IntSupplier processors;

    Crowd(ProcessorShare share, IntSupplier processors) {
        this.share = share;
        this.processors = processors;
    }

    /**
     * Whether the yield was long because of a crowd.
     *
     * @param nanos how long it was
     * @param ended how many calls of the type ended meanwhile
     * @param patience how long who waits could have been away; a yield of an eighth of it is too long for anybody
     */
    boolean explains(long nanos, long ended, long patience) {
        return nanos <= Math.min(MOST_NANOS, patience / PART)
                && ended * CALL_NANOS >= nanos * processors.getAsInt()
                && share.isNearlyAll();
    }
}
