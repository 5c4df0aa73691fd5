package dev.aside.offload;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads that run users' callbacks (completions, onCancel), so that neither a timer nor a store thread ever
 * does; and looks at the processors. Its queue is bounded by the executor's unfinished work.
 */
final class CallbackThreads implements Executor, AutoCloseable {
    private static final int THREADS = 4;

    private final ThreadPoolExecutor pool;

    CallbackThreads(String name) {
        AtomicInteger started = new AtomicInteger();
        this.pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                30,
                TimeUnit.SECONDS,
                new LinkedTransferQueue<>(),
                task -> {
                    Thread thread = new Thread(task, name + "-callback-" + started.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                // after close somebody may still wait for a completion: rather here than never
                (task, executor) -> task.run());
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
