package dev.aside.offload;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The waiting and running work of one type. What is not final is guarded by the dispatcher's lock. */
final class TypeLane {
    final String type;
    final TypeOptions options;
    final long thresholdNanos;
    final int permits;
    final RetryPlan retryPlan;
    /** Null when there is neither breaker nor limiter. */
    final @Nullable Gates gates;
    /** Null unless the type is adaptive. */
    final @Nullable Forecast forecast;
    /** Of callers that wait for work of this type; needs no lock. */
    final AdaptiveSpin spin = new AdaptiveSpin(1);
    /** Start-time fair queueing: the lane with the smallest virtual time starts next, each start costs one. */
    long virtualTime;
    /** Whether the dispatcher has this lane in its queue of lanes that could start something. */
    boolean listed;
    /** Whether a closed gate keeps everything of this type waiting; also read without the lock, as a hint. */
    volatile boolean paused;
    /** Whether named jobs of this type are claimed for a handler of this process; written once. */
    volatile boolean handled;

    private final Backlog waiting = new Backlog();
    private int running;
    /** Mean run time, decaying; 0 until something has ended. */
    private double meanRunNanos;
    /** How many runs are over; also read without the lock, where a wrong number misjudges one moment. */
    private long runs;

    TypeLane(String type, TypeOptions options, int workers) {
        this.type = type;
        this.options = options;
        this.thresholdNanos = options.threshold().toNanos();
        this.permits = options.maxConcurrent() > 0 ? options.maxConcurrent() : Math.max(1, workers * 3 / 4);
        this.retryPlan = new RetryPlan(options.retry());
        this.gates = options.circuitBreaker() == null && options.rateLimiter() == null
                ? null
                : new Gates(options.circuitBreaker(), options.rateLimiter());
        this.forecast = options.adaptive() ? new Forecast(thresholdNanos) : null;
    }

    boolean mayStart() {
        return running < permits && !paused;
    }

    boolean canStart() {
        return mayStart() && waiting.size() > 0;
    }

    int waiting() {
        return waiting.size();
    }

    int running() {
        return running;
    }

    /** How many more could start, beside those that wait. */
    int room() {
        return paused ? 0 : permits - running - waiting.size();
    }

    void enqueue(Execution<?> execution) {
        waiting.add(execution);
    }

    void enqueueNew(Execution<?> execution) {
        waiting.addNew(execution);
    }

    boolean remove(Execution<?> execution) {
        return waiting.remove(execution);
    }

    @Nullable Execution<?> poll() {
        return waiting.poll();
    }

    void collect(Collection<Execution<?>> into) {
        waiting.collect(into);
    }

    void take() {
        running++;
    }

    void release() {
        running--;
    }

    void ran(long nanos) {
        runs++;
        meanRunNanos = meanRunNanos == 0 ? nanos : meanRunNanos * 0.9 + nanos * 0.1;
    }

    long runs() {
        return runs;
    }

    /** When a place is likely to be free, from the mean run time: 1 s to 30 s. */
    long retryAfterNanos() {
        double wait = meanRunNanos * (waiting.size() + 1) / permits;
        return (long) Math.min(30e9, Math.max(1e9, wait));
    }
}
