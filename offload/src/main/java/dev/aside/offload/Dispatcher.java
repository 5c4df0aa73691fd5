package dev.aside.offload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    /** How often a worker looks whether the lock is free before it parks. */
    private static final int SPINS = 100;

    private final ReentrantLock lock = new ReentrantLock();
    /** Work of callers that must not wait for the lock; whoever leaves the lock takes it in. */
    private final ConcurrentLinkedQueue<Execution<?>> intake = new ConcurrentLinkedQueue<>();

    private final PriorityQueue<TypeLane> eligible =
            new PriorityQueue<>(Comparator.comparingLong((TypeLane lane) -> lane.virtualTime));
    private final IdleWorkers idle;
    /** Work that may run, permit and all, until a thread takes it: whichever comes first. */
    private final ConcurrentLinkedQueue<Execution<?>> handedOver = new ConcurrentLinkedQueue<>();

    private final WorkerThreads threads;
    private final int workers;
    private final int maxBacklog;
    private final long maxBacklogBytes;
    /** Work that is with a worker or on its way to one. */
    private int busy;
    /** Workers on their way, called or without work since a moment ago, less what is handed over: nobody calls more. */
    private int spare;
    /** Work in the lanes, and what it weighs. */
    private int waiting;

    private long waitingBytes;
    /** Work taken in and not over: waiting, running, pending or asleep. */
    private int unfinished;

    private long sequence;
    private long virtualClock;
    private boolean closed;
    private @Nullable Thread closer;

    Dispatcher(WorkerThreads threads, OffloadBuilder options) {
        this.threads = threads;
        this.idle = new IdleWorkers(options.time, this::sweep);
        this.workers = options.effectiveWorkers();
        this.maxBacklog = options.maxBacklog;
        this.maxBacklogBytes = options.maxBacklogBytes;
    }

    // ---- work comes

    /**
     * Starts the work or lets it wait.
     *
     * @throws BacklogFullException if there is no room to wait in
     * @throws ExecutorClosedException if the executor takes nothing new
     */
    void submit(Execution<?> execution) {
        Worker worker;
        lock.lock();
        try {
            worker = admit(execution) ? handOver(execution) : null;
        } finally {
            exit();
        }
        threads.wake(this, worker);
    }

    /**
     * {@link #submit} of work whose caller is going to wait for its end: where the lock is taken, the work is left to who
     * has it, and a refusal becomes the end of the work. To be parked twice costs more than the rest of a short call.
     */
    void submitAwaited(Execution<?> execution) {
        Worker worker;
        if (!lock.tryLock()) {
            submitLater(execution);
            return;
        }
        try {
            worker = admit(execution) ? handOver(execution) : null;
        } finally {
            exit();
        }
        threads.wake(this, worker);
    }

    /** {@link #submit} without ever waiting, not even for the lock; a refusal becomes the end of the work. */
    void submitLater(Execution<?> execution) {
        intake.add(execution);
        takeIn();
    }

    /** The lock is held for moments: to park and be woken costs a worker more than that. */
    private void enter() {
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    /** Leaves the lock. Who found it taken has left its work in the intake. */
    private void exit() {
        lock.unlock();
        takeIn();
    }

    private void takeIn() {
        while (!intake.isEmpty() && lock.tryLock()) {
            @Nullable Execution<?> next = null;
            @Nullable Worker worker = null;
            @Nullable OffloadException refusal = null;
            try {
                next = intake.poll();
                worker = next != null && admit(next) ? handOver(next) : null;
            } catch (OffloadException refused) {
                refusal = refused;
            } finally {
                lock.unlock();
            }
            if (next != null && refusal != null) {
                if (!next.refuse(refusal)) {
                    // Guards against race: its caller was promised a job while it was on its way in
                    // (PromotionStressTest)
                    enter(next, 1);
                }
            } else {
                threads.wake(this, worker);
            }
        }
    }

    /** Whether the work, which is counted from now on, starts at once; else it waits. */
    private boolean admit(Execution<?> execution) {
        TypeLane lane = execution.lane;
        if (closed) {
            throw new ExecutorClosedException("a call of job type " + lane.type);
        }
        if (busy >= workers || !lane.mayStart()) {
            long bytes = execution.request.options().estimatedBytes;
            if (lane.waiting() >= lane.options.maxBacklog()
                    || waiting >= maxBacklog
                    || waitingBytes + bytes > maxBacklogBytes) {
                throw new BacklogFullException(lane.type, lane.waiting(), Duration.ofNanos(lane.retryAfterNanos()));
            }
            unfinished++;
            execution.sequence = ++sequence;
            lane.enqueueNew(execution);
            nowWaits(execution);
            return false;
        }
        unfinished++;
        lane.take();
        busy++;
        return true;
    }

    /** Takes in what has been claimed from the store: it is never refused, the claim was for free permits. */
    void submitClaimed(Execution<?> execution) {
        enter(execution, 1);
    }

    /** Takes work in again that was asleep: it is never refused, it has begun. */
    void requeue(Execution<?> execution) {
        enter(execution, 0);
    }

    private void enter(Execution<?> execution, int more) {
        Worker worker;
        lock.lock();
        try {
            unfinished += more;
            enqueue(execution);
            worker = handOver(pick());
        } finally {
            exit();
        }
        threads.wake(this, worker);
    }

    // ---- work leaves

    /** Takes waiting work out again. False if it has been given to a worker already, or does not wait. */
    boolean remove(Execution<?> execution) {
        lock.lock();
        try {
            boolean removed = execution.lane.remove(execution);
            if (removed) {
                count(execution, -1);
                over();
            }
            return removed;
        } finally {
            exit();
        }
    }

    /** Work that was asleep is over. */
    void forget() {
        lock.lock();
        try {
            over();
        } finally {
            exit();
        }
    }

    /**
     * The thread is done with {@code before}; gives its permit back, unless it is pending, and the next work out.
     * Without any, the worker is on its way: it has to {@link #come}.
     *
     * @param worker the thread to reuse, null if it is not reusable
     */
    @Nullable Execution<?> next(Execution<?> before, Left left, @Nullable Worker worker) {
        enter();
        try {
            TypeLane lane = before.lane;
            busy--;
            if (left != Left.PENDING) {
                lane.release();
                if (left == Left.ENDED) {
                    lane.ran(before.lastRunNanos());
                    over();
                } else if (left == Left.BOUNCED) {
                    lane.paused = true;
                    enqueue(before);
                }
                list(lane);
            }
            Execution<?> next = pick();
            if (next == null && worker != null) {
                spare++;
            }
            return next;
        } finally {
            exit();
        }
    }

    /** Work that was pending has given its permit back. */
    void released(Run<?> run) {
        Worker worker;
        lock.lock();
        try {
            TypeLane lane = run.execution.lane;
            lane.release();
            lane.ran(run.nanos());
            if (run.left == Left.ENDED) {
                over();
            }
            list(lane);
            worker = handOver(pick());
        } finally {
            exit();
        }
        threads.wake(this, worker);
    }

    private void over() {
        unfinished--;
        if (closer != null && unfinished == 0) {
            LockSupport.unpark(closer);
        }
    }

    // ---- lanes

    /** Lets the work of a type try its gates again. */
    void resume(TypeLane lane) {
        if (!lane.paused) {
            return;
        }
        while (true) {
            Execution<?> next;
            Worker worker;
            lock.lock();
            try {
                lane.paused = false;
                list(lane);
                next = pick();
                worker = handOver(next);
            } finally {
                exit();
            }
            if (next == null) {
                return;
            }
            threads.wake(this, worker);
        }
    }

    /** How many named jobs of each of these types could start now; all together no more than free workers. */
    Room room(Iterable<TypeLane> lanes) {
        lock.lock();
        try {
            Map<String, Integer> byType = new HashMap<>();
            for (TypeLane lane : lanes) {
                if (lane.handled && lane.room() > 0) {
                    byType.put(lane.type, lane.room());
                }
            }
            return new Room(byType, closed ? 0 : Math.max(0, workers - busy - waiting));
        } finally {
            exit();
        }
    }

    /** Free permits by type, and free workers. */
    record Room(Map<String, Integer> byType, int workers) {}

    private void enqueue(Execution<?> execution) {
        if (execution.sequence == 0) {
            execution.sequence = ++sequence;
        }
        execution.lane.enqueue(execution);
        nowWaits(execution);
    }

    private void nowWaits(Execution<?> execution) {
        count(execution, 1);
        list(execution.lane);
    }

    private void count(Execution<?> execution, int sign) {
        waiting += sign;
        waitingBytes += sign * execution.request.options().estimatedBytes;
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
            Execution<?> next = lane.mayStart() ? lane.poll() : null;
            if (next != null) {
                virtualClock = lane.virtualTime++;
                count(next, -1);
                busy++;
                lane.take();
                list(lane);
                return next;
            }
        }
        return null;
    }

    // ---- workers, and the end

    /**
     * Hands work over that may run.
     *
     * @return the worker to wake for it, which may be a new one; null if there is no work, or enough are on their way
     */
    private @Nullable Worker handOver(@Nullable Execution<?> next) {
        if (next == null) {
            return null;
        }
        if (spare > 0) {
            spare--;
            handedOver.add(next);
            return null;
        }
        Worker resting = idle.poll();
        if (resting == null) {
            return threads.newWorker(this, next);
        }
        handedOver.add(next);
        resting.call();
        return resting;
    }

    /** Something handed over, for a worker on its way; without the lock. */
    @Nullable Execution<?> takeOver() {
        return handedOver.poll();
    }

    /** A worker on its way has come. Null if there is nothing for it: it is idle from now on, or has to end. */
    @Nullable Execution<?> come(Worker worker) {
        Execution<?> early = handedOver.poll();
        if (early != null) {
            return early;
        }
        lock.lock();
        try {
            // Guards against race: something was handed over because this worker was on its way
            // (HandOverTest.handedOver_asTheWorkerGoesToRest_isNotForgotten)
            Execution<?> next = handedOver.poll();
            if (next == null) {
                spare--;
                if (closed) {
                    worker.end();
                } else {
                    idle.push(worker);
                }
            }
            return next;
        } finally {
            exit();
        }
    }

    /** Makes sure that idle workers end some time. */
    void sweepLater() {
        idle.sweepLater();
    }

    private void sweep() {
        List<Worker> ending;
        boolean more;
        lock.lock();
        try {
            ending = idle.endUnneeded();
            more = !idle.isEmpty();
        } finally {
            exit();
        }
        ending.forEach(Worker::wake);
        if (more) {
            idle.sweepLater();
        }
    }

    /** Refuses new work from now on; what waits and runs goes on. */
    void close() {
        List<Worker> ending;
        lock.lock();
        try {
            closed = true;
            ending = idle.endAll();
        } finally {
            exit();
        }
        ending.forEach(Worker::wake);
    }

    /** What is there at the moment. */
    OffloadLoad load() {
        lock.lock();
        try {
            return new OffloadLoad(waiting, busy, unfinished);
        } finally {
            exit();
        }
    }

    /** Unparks the thread when nothing is unfinished any more. */
    void wakeWhenIdle(Thread thread) {
        lock.lock();
        try {
            closer = thread;
        } finally {
            exit();
        }
    }

    /** What waits in these lanes at the moment. */
    List<Execution<?>> waiting(Iterable<TypeLane> lanes) {
        lock.lock();
        try {
            List<Execution<?>> all = new ArrayList<>(waiting);
            lanes.forEach(lane -> lane.collect(all));
            all.addAll(handedOver);
            return all;
        } finally {
            exit();
        }
    }
}
