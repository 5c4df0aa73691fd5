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
 * behind readers. Started when needed, daemon, gone after 30 s of idleness.
 *
 * <p>Thread-safe. Reloads take permits, fewer than there are threads, so that they cannot hold up asynchronous reads.
 */
final class CacheThreads implements Executor, AutoCloseable {
    private static final int RELOADS = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

    private final Executor executor;
    private final @Nullable ExecutorService own;
    private final Semaphore reloads = new Semaphore(RELOADS);

    /** Threads of its own. */
    CacheThreads() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                RELOADS + 4, RELOADS + 4, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "aside-cache-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.own = pool;
        this.executor = pool;
    }

    /** The user's threads, which the user closes. */
    CacheThreads(Executor executor) {
        this.own = null;
        this.executor = executor;
    }

    /** Runs the task; on the calling thread if the threads are gone or full, because a step left out never ends. */
    @Override
    public void execute(Runnable task) {
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
        if (own == null) {
            return;
        }
        own.shutdown();
        try {
            if (!own.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                own.shutdownNow();
            }
        } catch (InterruptedException e) {
            own.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }
}
