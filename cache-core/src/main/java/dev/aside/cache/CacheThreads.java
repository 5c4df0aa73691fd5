package dev.aside.cache;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a {@link Caches}: they carry asynchronous reads on when the remote tier has answered, and reload values
 * behind readers; threads of a second kind run loads that have a time limit. Started when needed, daemon, gone after 30 s of idleness.
 *
 * <p>Thread-safe. Reloads take permits, fewer than there are threads, so that they cannot hold up asynchronous reads.
 */
final class CacheThreads implements Executor, AutoCloseable {
    /** Loads that may run at a time where policies give them a time limit; more wait, within that limit. */
    private static final int LOADS = 200;

    private static final int RELOADS = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

    private final Executor executor;
    private final @Nullable ExecutorService own;
    private final Executor loads;
    private final @Nullable ExecutorService ownLoads;
    private final Semaphore reloads = new Semaphore(RELOADS);

    /** Threads of its own. */
    CacheThreads() {
        this.own = pool("aside-cache-", RELOADS + 4);
        this.executor = own;
        this.ownLoads = pool("aside-load-", LOADS);
        this.loads = ownLoads;
    }

    private static ExecutorService pool(String prefix, int threads) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, prefix + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** The user's threads, which the user closes. */
    CacheThreads(Executor executor) {
        this.own = null;
        this.executor = executor;
        this.ownLoads = null;
        this.loads = executor;
    }

    /** Runs the task; on the calling thread if the threads are gone or full, because a step left out never ends. */
    @Override
    public void execute(Runnable task) {
        run(executor, task);
    }

    /** Runs a load that its reader may stop waiting for. As {@link #execute}, on threads of its own. */
    void executeLoad(Runnable load) {
        run(loads, load);
    }

    private static void run(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    /** Whether one more reload may begin; if so, {@link #reloadDone} must follow. */
    boolean mayReload() {
        return reloads.tryAcquire();
    }

    void reloadDone() {
        reloads.release();
    }

    /** Waits up to the given time for what is under way, then interrupts it. */
    void close(Duration patience) {
        if (own != null) {
            own.shutdown();
            end(own, patience);
        }
        if (ownLoads != null) {
            ownLoads.shutdown();
            end(ownLoads, patience);
        }
    }

    private static void end(ExecutorService threads, Duration patience) {
        try {
            if (!threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }
}
