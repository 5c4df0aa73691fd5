package dev.aside.offload;

import dev.aside.offload.spi.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Starts the threads that run users' work: virtual ones where the JVM has them, else daemons that are reused. */
final class WorkerThreads {
    private final String name;
    private final TimeSource time;
    private final boolean virtual;
    private final AtomicLong started = new AtomicLong();
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

    WorkerThreads(String name, TimeSource time, boolean virtual) {
        this.name = name + "-worker-";
        this.time = time;
        this.virtual = virtual;
    }

    /** A worker for work that the dispatcher has counted; it is not started yet. */
    Worker newWorker(Dispatcher dispatcher, Execution<?> first) {
        return new Worker(dispatcher, time, !virtual, first);
    }

    /** Wakes a worker that was called, or starts a new one. */
    void wake(Dispatcher dispatcher, @Nullable Worker worker) {
        if (worker == null) {
            return;
        }
        if (worker.isRunning()) {
            worker.wake();
        } else {
            start(dispatcher, worker);
        }
    }

    private void start(Dispatcher dispatcher, Worker fresh) {
        Worker worker = fresh;
        while (worker != null) {
            try {
                Worker starting = worker;
                newThread(() -> run(starting)).start();
                return;
            } catch (OutOfMemoryError noThread) {
                // the machine gives no thread: that work fails, and its permit must not leak
                Execution<?> without = worker.first();
                without.failUnstarted(noThread);
                Execution<?> next = dispatcher.next(without, Left.ENDED, null);
                worker = next == null ? null : newWorker(dispatcher, next);
            }
        }
    }

    private void run(Worker worker) {
        workers.add(worker);
        try {
            worker.run();
        } finally {
            workers.remove(worker);
        }
    }

    /** What runs on the threads at the moment. */
    List<Execution<?>> running() {
        List<Execution<?>> all = new ArrayList<>();
        for (Worker worker : workers) {
            Execution<?> execution = worker.execution();
            if (execution != null) {
                all.add(execution);
            }
        }
        return all;
    }

    private Thread newThread(Runnable loop) {
        String threadName = name + started.incrementAndGet();
        if (virtual) {
            return VirtualThreads.unstarted(threadName, loop);
        }
        Thread thread = new Thread(loop, threadName);
        thread.setDaemon(true);
        return thread;
    }
}
