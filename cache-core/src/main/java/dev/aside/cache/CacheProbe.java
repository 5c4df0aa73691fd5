package dev.aside.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tells where the answers came from that this thread got inside a block: the thing one otherwise debugs by hand.
 *
 * <pre>{@code
 * try (CacheProbe probe = CacheProbe.open()) {
 *     products.bySku("85123A");
 *     probe.answers();  // [Answer[cache=product, level=L1, age=PT2.5S, reason=FRESH]]
 * }
 * }</pre>
 *
 * <p>Blocks may be nested; each sees what happens inside it. Asynchronous reads are seen if they are answered at once.
 * A probe belongs to the thread that opened it. Reads cost next to nothing while no probe is open anywhere.
 */
public final class CacheProbe implements AutoCloseable {
    private static final AtomicInteger OPEN = new AtomicInteger();
    private static final ThreadLocal<@Nullable CacheProbe> CURRENT = new ThreadLocal<>();

    private final List<Answer> answers = new ArrayList<>();
    private final @Nullable CacheProbe outer = CURRENT.get();
    private boolean closed;

    private CacheProbe() {}

    /** Begins to record this thread's reads. Must be closed on the same thread. */
    public static CacheProbe open() {
        CacheProbe probe = new CacheProbe();
        CURRENT.set(probe);
        OPEN.incrementAndGet();
        return probe;
    }

    /** The answers so far, in order; a copy. */
    public List<Answer> answers() {
        return List.copyOf(answers);
    }

    /** The answers so far. */
    @Override
    public String toString() {
        return answers.toString();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        OPEN.decrementAndGet();
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }

    /** Whether any thread has a probe open: asked before an answer is made up for it. */
    static boolean anyOpen() {
        return OPEN.getOpaque() > 0;
    }

    static void record(Answer answer) {
        for (CacheProbe probe = CURRENT.get(); probe != null; probe = probe.outer) {
            probe.answers.add(answer);
        }
    }
}
