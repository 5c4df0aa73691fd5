package dev.aside.offload;

import java.util.Collection;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The waiting and running work of one type. Everything but the options is guarded by the dispatcher's lock. */
final class TypeLane {
    final String type;
    final TypeOptions options;
    final long thresholdNanos;
    final int permits;

    private final PriorityQueue<Execution<?>> waiting = new PriorityQueue<>();
    private int running;
    /** Start-time fair queueing: the lane with the smallest virtual time starts next, each start costs one. */
    long virtualTime;
    /** Whether the dispatcher has this lane in its queue of lanes that could start something. */
    boolean listed;
    /** Mean run time, decaying; 0 until something has ended. */
    private double meanRunNanos;

    TypeLane(String type, TypeOptions options, int workers) {
        this.type = type;
        this.options = options;
        this.thresholdNanos = options.threshold().toNanos();
        this.permits = options.maxConcurrent() > 0 ? options.maxConcurrent() : Math.max(1, workers * 3 / 4);
    }

    boolean hasPermit() {
        return running < permits;
    }

    boolean canStart() {
        return running < permits && !waiting.isEmpty();
    }

    int waiting() {
        return waiting.size();
    }

    int running() {
        return running;
    }

    void enqueue(Execution<?> execution) {
        waiting.add(execution);
    }

    boolean remove(Execution<?> execution) {
        return waiting.remove(execution);
    }

    @Nullable Execution<?> poll() {
        return waiting.poll();
    }

    void collect(Collection<Execution<?>> into) {
        into.addAll(waiting);
    }

    void take() {
        running++;
    }

    void release(long runNanos) {
        running--;
        meanRunNanos = meanRunNanos == 0 ? runNanos : meanRunNanos * 0.9 + runNanos * 0.1;
    }

    /** When a place is likely to be free, from the mean run time: 1 s to 30 s. */
    long retryAfterNanos() {
        double wait = meanRunNanos * (waiting.size() + 1) / permits;
        return (long) Math.min(30e9, Math.max(1e9, wait));
    }
}
