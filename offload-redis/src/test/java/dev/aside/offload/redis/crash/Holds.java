package dev.aside.offload.redis.crash;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** Stops a node at one {@link Step}, says so, and never lets it go on. Thread-safe. */
final class Holds {
    private final Recorder recorder;
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile Step armed;
    private volatile boolean ticketRead;

    Holds(Recorder recorder) {
        this.recorder = recorder;
    }

    void arm(Step step) {
        ticketRead = false;
        armed = step;
    }

    /** A ticket came: the next claim is for it. */
    void ready() {
        ticketRead = true;
    }

    /** Whether the next claim uses a ticket that was read since the step was armed. */
    boolean hasTicket() {
        return ticketRead;
    }

    boolean isArmed(Step step) {
        return armed == step;
    }

    /** Goes on, or does not. */
    <T> CompletionStage<T> pass(Step step, String jobId, long epoch, Supplier<CompletionStage<T>> next) {
        if (isArmed(step)) {
            say(step, jobId, epoch);
            return new CompletableFuture<>();
        }
        return next.get();
    }

    /** {@link #pass} for the thread that does the work. */
    void passInWork(Step step, String jobId, long epoch) throws InterruptedException {
        if (isArmed(step)) {
            say(step, jobId, epoch);
            never.await();
        }
    }

    private void say(Step step, String jobId, long epoch) {
        recorder.event("at", jobId, epoch, step);
    }
}
