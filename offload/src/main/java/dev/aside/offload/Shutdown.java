package dev.aside.offload;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The orderly end of an executor, run once. */
final class Shutdown {
    private static final long COOPERATIVE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long INTERRUPTED_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** For the store to hear of the ends; who is not heard of is found dead. */
    private static final long STORE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ReentrantLock once = new ReentrantLock();
    private final Engine engine;
    private final WorkerThreads threads;
    private final long drainNanos;
    private final Runnable release;
    private boolean done;

    Shutdown(Engine engine, WorkerThreads threads, Duration drain, Runnable release) {
        this.engine = engine;
        this.threads = threads;
        this.drainNanos = drain.toNanos();
        this.release = release;
    }

    void run() {
        once.lock();
        try {
            if (!done) {
                Guards.mayWait(() -> "close", engine);
                done = true;
                engine.closing = Thread.currentThread();
                engine.claimer.close();
                engine.dispatcher.close();
                end();
                awaitStore();
                engine.over = true;
                release.run();
            }
        } finally {
            once.unlock();
        }
    }

    private void end() {
        if (idleWithin(drainNanos)) {
            return;
        }
        cancelAll();
        if (idleWithin(COOPERATIVE_NANOS)) {
            return;
        }
        cancelAll(); // some may have been on their way from one place to another the first time
        threads.running().forEach(Execution::interrupt);
        if (!idleWithin(INTERRUPTED_NANOS)) {
            cancelAll();
            threads.running().forEach(Execution::interrupt);
            threads.running().forEach(Execution::detach);
            engine.asleep.forEach(Execution::detach);
        }
    }

    private void cancelAll() {
        CancelCause shutdown = CancelCause.shutdown();
        // what waits first, or it would start on the workers that the others leave
        engine.dispatcher.waiting(engine.types.all()).forEach(execution -> execution.cancel(shutdown));
        engine.asleep.forEach(execution -> execution.cancel(shutdown));
        threads.running().forEach(execution -> execution.cancel(shutdown));
    }

    /**
     * Guards against race: the store is closed before the ends are written
     * (ShutdownTest.close_storeIsSlow_waitsUntilItKnows).
     */
    private void awaitStore() {
        long deadline = engine.time.nanoTime() + STORE_NANOS;
        Thread closing = Thread.currentThread();
        while (!engine.live.isEmpty() && engine.time.nanoTime() - deadline < 0 && !closing.isInterrupted()) {
            engine.time.parkUntil(this, deadline);
        }
    }

    private boolean idleWithin(long nanos) {
        long deadline = engine.time.nanoTime() + nanos;
        boolean interrupted = false;
        while (!isIdle() && engine.time.nanoTime() - deadline < 0) {
            engine.dispatcher.wakeWhenIdle(Thread.currentThread());
            if (!isIdle()) {
                engine.time.parkUntil(this, deadline);
            }
            if (Thread.interrupted()) {
                interrupted = true; // whoever closes in a hurry gets the next stage at once
                deadline = engine.time.nanoTime();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return isIdle();
    }

    /**
     * Guards against race: jobs that the store has given to this process arrive when it has closed the store, and wait
     * for the end of their leases (ShutdownTest.close_claimUnderWay_givesItsJobsBackAtOnce_atNoCost).
     */
    private boolean isIdle() {
        return !engine.claimer.isUnderWay() && engine.dispatcher.load().unfinished() == 0;
    }
}
