package dev.aside.spring.offload.web;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads that write events to clients, who may be slow to read: at most 8, and none while nobody listens. The
 * server's own time limit for writes frees one that is stuck.
 */
final class EventThreads implements Executor, AutoCloseable {
    private static final int THREADS = 8;

    private final ThreadPoolExecutor pool;

    EventThreads() {
        AtomicInteger started = new AtomicInteger();
        pool = new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "aside-events-" + started.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
        pool.setRejectedExecutionHandler((task, executor) -> {}); // after close nobody listens
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
