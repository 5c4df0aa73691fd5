package dev.aside.offload;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Decides what starts when: a permit per type, a bounded number of workers, fair turns between types.
 *
 * <p>Thread-safe. One lock guards all lanes, the counters and the idle workers; nothing foreign runs under it. The
 * invariant after every command: if a worker is free, no lane could start anything. Hence work may start at once when a
 * worker and a permit are free, without asking the other lanes.
 */
final class Dispatcher {
    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<TypeLane> eligible =
            new PriorityQueue<>(Comparator.comparingLong((TypeLane lane) -> lane.virtualTime));
    private final ArrayDeque<Worker> idle = new ArrayDeque<>();
    private final WorkerThreads threads;
    private final int workers;
    private final int maxBacklog;
    private int busy;
    private int waiting;
    private long sequence;
    private long virtualClock;
    private volatile boolean closed;
    private @Nullable Thread closer;

    Dispatcher(WorkerThreads threads, int workers, int maxBacklog) {
        this.threads = threads;
        this.workers = workers;
        this.maxBacklog = maxBacklog;
    }

    /**
     * Starts the work or lets it wait.
     *
     * @throws BacklogFullException if there is no room to wait in
     * @throws ExecutorClosedException if the executor takes nothing new
     */
    void submit(Execution<?> execution) {
        TypeLane lane = execution.lane;
        Worker worker;
        lock.lock();
        try {
            if (closed) {
                throw new ExecutorClosedException("a call of job type " + lane.type);
            }
            if (busy >= workers || !lane.hasPermit()) {
                if (lane.waiting() >= lane.options.maxBacklog() || waiting >= maxBacklog) {
                    throw new BacklogFullException(lane.type, lane.waiting(), Duration.ofNanos(lane.retryAfterNanos()));
                }
                enqueue(execution);
                return;
            }
            lane.take();
            busy++;
            worker = idle.poll();
        } finally {
            lock.unlock();
        }
        threads.start(this, worker, execution);
    }

    /** Takes waiting work out again. False if it has been given to a worker already, or never waited. */
    boolean remove(Execution<?> execution) {
        lock.lock();
        try {
            boolean removed = execution.lane.remove(execution);
            if (removed) {
                waiting--;
                wakeCloser();
            }
            return removed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The run of {@code ended} has left its thread; gives the permit back and the next work out. Without any, the
     * worker is idle from now on.
     *
     * @param worker the thread to reuse, null if it is not reusable
     */
    @Nullable Execution<?> next(Execution<?> ended, @Nullable Worker worker) {
        lock.lock();
        try {
            ended.lane.release(ended.runNanos());
            busy--;
            list(ended.lane);
            Execution<?> next = pick();
            if (next == null && worker != null) {
                idle.push(worker);
            }
            wakeCloser();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the worker was still idle and may end; false if work is on its way to it. */
    boolean retire(Worker worker) {
        lock.lock();
        try {
            return idle.remove(worker);
        } finally {
            lock.unlock();
        }
    }

    /** Refuses new work from now on; what waits and runs goes on. */
    void close() {
        ArrayDeque<Worker> resting;
        lock.lock();
        try {
            closed = true;
            resting = new ArrayDeque<>(idle);
        } finally {
            lock.unlock();
        }
        resting.forEach(Worker::wake); // they see it, retire and end
    }

    boolean isClosed() {
        return closed;
    }

    /** Waiting and running work. */
    int unfinished() {
        lock.lock();
        try {
            return waiting + busy;
        } finally {
            lock.unlock();
        }
    }

    /** Unparks the thread when nothing is waiting or running any more. */
    void wakeWhenIdle(Thread thread) {
        lock.lock();
        try {
            closer = thread;
        } finally {
            lock.unlock();
        }
    }

    private void wakeCloser() {
        if (closer != null && busy + waiting == 0) {
            LockSupport.unpark(closer);
        }
    }

    /** What waits in these lanes at the moment. */
    List<Execution<?>> waiting(Iterable<TypeLane> lanes) {
        lock.lock();
        try {
            List<Execution<?>> all = new ArrayList<>(waiting);
            lanes.forEach(lane -> lane.collect(all));
            return all;
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Execution<?> execution) {
        execution.sequence = sequence++;
        execution.lane.enqueue(execution);
        waiting++;
        list(execution.lane);
    }

    private void list(TypeLane lane) {
        if (!lane.listed && lane.canStart()) {
            lane.virtualTime = Math.max(lane.virtualTime, virtualClock);
            lane.listed = true;
            eligible.add(lane);
        }
    }

    private @Nullable Execution<?> pick() {
        while (busy < workers) {
            TypeLane lane = eligible.poll();
            if (lane == null) {
                return null;
            }
            lane.listed = false;
            Execution<?> next = lane.hasPermit() ? lane.poll() : null;
            if (next != null) {
                virtualClock = lane.virtualTime++;
                waiting--;
                busy++;
                lane.take();
                list(lane);
                return next;
            }
        }
        return null;
    }
}
