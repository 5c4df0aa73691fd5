package dev.aside.offload;

import dev.aside.offload.spi.Owner;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what the store was told of work that nobody will ask for. What fails is repeated until the store answers:
 * one command feels its way with growing pauses, the others follow when it got through. Thread-safe; the monitor guards
 * the queue, never held while the store works.
 */
final class Untracks {
    /** Beyond it the store has been away for long; what is dropped stays until its node is found dead. */
    private static final int MAX_PENDING = 10_000;

    private static final System.Logger LOG = System.getLogger(Untracks.class.getName());

    private final Engine engine;
    private final Queue<Untrack> pending = new ArrayDeque<>();
    private boolean timer;
    private int failures;

    Untracks(Engine engine) {
        this.engine = engine;
    }

    private record Untrack(String jobId, Owner owner) {}

    void send(String jobId, Owner owner) {
        send(new Untrack(jobId, owner));
    }

    private void send(Untrack untrack) {
        engine.store.untrack(untrack.jobId, untrack.owner).whenComplete((answer, failure) -> {
            if (failure != null) {
                later(untrack, failure);
            } else {
                answered();
            }
            engine.watches.changed(untrack.jobId); // the same call may have met it and wait for it
        });
    }

    private void later(Untrack untrack, Throwable failure) {
        engine.health.failed("a command to forget a job", failure);
        long pause;
        synchronized (this) {
            if (pending.size() >= MAX_PENDING) {
                LOG.log(System.Logger.Level.DEBUG, "the store is not told any more to forget job {0}", untrack.jobId);
            } else {
                pending.add(untrack);
            }
            if (timer || engine.over) {
                return;
            }
            timer = true;
            pause = JobChannel.pauseNanos(failures++);
        }
        engine.time.schedule(engine.time.nanoTime() + pause, this::due);
    }

    private void due() {
        @Nullable Untrack first;
        synchronized (this) {
            timer = false;
            first = pending.poll();
        }
        if (first != null) {
            send(first);
        }
    }

    private void answered() {
        synchronized (this) {
            failures = 0;
        }
        repeatNow();
    }

    /** The store may answer again: all that is pending goes out. */
    void repeatNow() {
        Untrack[] all;
        synchronized (this) {
            if (pending.isEmpty()) {
                return;
            }
            all = pending.toArray(new Untrack[0]);
            pending.clear();
        }
        for (Untrack untrack : all) {
            send(untrack);
        }
    }
}
