package dev.aside.cache.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The tier's own threads, all of them daemons. */
final class Threads {
    private static final Logger LOG = System.getLogger(RedisTier.class.getName());

    private Threads() {}

    static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            int number = count.incrementAndGet();
            Thread thread = new Thread(task, number == 1 ? name : name + '-' + number);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * A single thread that runs short tasks one by one, now or later. What a task throws is logged and ends that task
     * only; after {@link #close} tasks are dropped.
     */
    static final class Loop {
        private final ScheduledThreadPoolExecutor executor;

        Loop(String name) {
            executor = new ScheduledThreadPoolExecutor(1, named(name));
            executor.setRemoveOnCancelPolicy(true);
            executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }

        void execute(Runnable task) {
            schedule(task, 0);
        }

        /** Runs a task later; false if it never will, because this is closed. */
        boolean schedule(Runnable task, long delayNanos) {
            try {
                executor.schedule(() -> guarded(task), delayNanos, TimeUnit.NANOSECONDS);
                return true;
            } catch (RejectedExecutionException e) { // closed
                return false;
            }
        }

        void repeat(Runnable task, long periodNanos) {
            executor.scheduleWithFixedDelay(() -> guarded(task), periodNanos, periodNanos, TimeUnit.NANOSECONDS);
        }

        void close() {
            executor.shutdown();
        }

        private static void guarded(Runnable task) {
            try {
                task.run();
            } catch (RuntimeException | Error e) { // the next task must run whatever happens to this one
                LOG.log(Level.ERROR, "a task of the Redis tier failed; please report this", e);
            }
        }
    }
}
