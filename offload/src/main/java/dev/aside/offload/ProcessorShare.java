package dev.aside.offload;

import dev.aside.offload.spi.TimeSource;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Whether this process had nearly all of its processors in the last moments. It is looked at only as long as somebody
 * asks, each 200 ms at the most, and not by who asks.
 *
 * <p>Under a quota that is no whole number of processors it never had, nor under a share without a quota. Beside a time
 * that is turned by hand the answer means nothing, as the processor time is real. Thread-safe.
 */
final class ProcessorShare {
    /** The processor time of a process is counted in steps of 10 ms: one is a twentieth of it at the most. */
    static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final double NEARLY_ALL = 0.9;

    private final TimeSource time;
    private final LongSupplier used;
    private final IntSupplier processors;
    private final Executor executor;
    private final AtomicBoolean looking = new AtomicBoolean();
    /** When to look again. */
    private volatile long due;

    private volatile boolean ours;
    /** When it was last looked at, and what was used by then; touched by who looks. */
    private long seenNanos;

    private long seenUsed = -1;

    /**
     * @param used the processor time of this process in ns, negative where that is not known
     * @param processors how many there are; a quota may change
     * @param executor runs what looks at it
     */
    ProcessorShare(TimeSource time, LongSupplier used, IntSupplier processors, Executor executor) {
        this.time = time;
        this.used = used;
        this.processors = processors;
        this.executor = executor;
        this.due = time.nanoTime();
    }

    /** What {@code used} is for this process; -1 in a Java without {@code jdk.management}. */
    static long usedByThisProcess() {
        try {
            return ManagementFactory.getOperatingSystemMXBean()
                            instanceof com.sun.management.OperatingSystemMXBean system
                    ? system.getProcessCpuTime()
                    : -1;
        } catch (LinkageError | UnsupportedOperationException notInThisJava) {
            return -1;
        }
    }

    /** False also while it is not known: at first, when nobody has asked for some time, or the executor is busy. */
    boolean isNearlyAll() {
        long late = time.nanoTime() - due;
        if (late >= 0 && looking.compareAndSet(false, true)) {
            begin();
        }
        return ours && late < 2 * WINDOW_NANOS;
    }

    private void begin() {
        boolean begun = false;
        try {
            executor.execute(this::look);
            begun = true;
        } catch (OutOfMemoryError noThread) {
            ours = false;
            due = time.nanoTime() + WINDOW_NANOS; // the machine gives none: later perhaps
        } finally {
            if (!begun) {
                looking.set(false);
            }
        }
    }

    private void look() {
        try {
            // Guards against race: who asked before the last look and comes here after it
            // (ProcessorShareTest.isNearlyAll_askedBeforeALookAndHeardAfterIt_isNotLookedAtAgain)
            if (time.nanoTime() - due >= 0) {
                measure();
            }
        } finally {
            looking.set(false);
        }
    }

    private void measure() {
        ours = false;
        due = time.nanoTime() + WINDOW_NANOS; // first, for the case that the next line fails
        long usedNow = used.getAsLong(); // before the time: what comes between makes the share smaller
        long now = time.nanoTime();
        long window = now - seenNanos;
        boolean known = seenUsed >= 0 && usedNow >= 0 && window < 3 * WINDOW_NANOS;
        ours = known && usedNow - seenUsed >= NEARLY_ALL * window * processors.getAsInt();
        seenNanos = now;
        seenUsed = usedNow;
        due = now + WINDOW_NANOS;
    }
}
