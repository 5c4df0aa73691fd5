package dev.aside.offload;

import dev.aside.offload.spi.TimeSource;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Whether this process had nearly all of the processors in the last moments. It is looked at only as long as somebody
 * asks, each 200 ms at the most, and not by who asks. Thread-safe.
 */
final class ProcessorShare {
    /** The processor time of a process is counted in steps of 10 ms. */
    static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final double NEARLY_ALL = 0.9;

    private final TimeSource time;
    private final LongSupplier used;
    private final int processors;
    private final Executor executor;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long due;
    private volatile boolean ours;
    /** When it was last looked at, and what was used by then; touched by who looks. */
    private long seenNanos;

    private long seenUsed = -1;

    /**
     * @param used the processor time of this process in ns, negative where that is not known
     * @param executor runs what looks at it
     */
    ProcessorShare(TimeSource time, LongSupplier used, int processors, Executor executor) {
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
        } catch (NoClassDefFoundError noSuchModule) {
            return -1;
        }
    }

    /** False also while it is not known: nobody has asked for some time. */
    boolean isNearlyAll() {
        long late = time.nanoTime() - due;
        if (late >= 0 && looking.compareAndSet(false, true)) {
            try {
                executor.execute(this::look);
            } catch (OutOfMemoryError noThread) {
                looking.set(false); // the machine gives no thread: who asks next tries again
            }
        }
        return ours && late < 2 * WINDOW_NANOS;
    }

    private void look() {
        long now = time.nanoTime();
        long usedNow = used.getAsLong();
        long window = now - seenNanos;
        boolean known = seenUsed >= 0 && usedNow >= 0 && window < 3 * WINDOW_NANOS;
        ours = known && usedNow - seenUsed >= NEARLY_ALL * window * processors;
        seenNanos = now;
        seenUsed = usedNow;
        due = now + WINDOW_NANOS;
        looking.set(false);
    }
}
