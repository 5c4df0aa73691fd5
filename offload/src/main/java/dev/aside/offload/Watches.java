package dev.aside.offload;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.spi.TimeSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a job to change, without a thread each: signals of the store wake them; when the store
 * says that signals were lost, and every 10 s in any case, they look for themselves. A look that fails is no answer as
 * long as there is time for another. Thread-safe.
 */
final class Watches {
    private static final long NET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Engine engine;
    private final ConcurrentMap<String, List<Watch>> byJob = new ConcurrentHashMap<>();

    Watches(Engine engine) {
        this.engine = engine;
    }

    /**
     * Completes with the record as soon as it meets the condition, or as it is at the deadline; empty when the job is
     * unknown.
     */
    CompletableFuture<Optional<JobRecord>> await(String jobId, Predicate<JobRecord> condition, long deadlineNanos) {
        if (!JobId.isValid(jobId)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Watch watch = new Watch(jobId, condition, deadlineNanos);
        // Guards against race: a change between the look and the registration; so register, then look
        byJob.compute(jobId, (id, others) -> {
            List<Watch> all = others == null ? new CopyOnWriteArrayList<>() : others;
            all.add(watch);
            return all;
        });
        watch.look();
        return watch.answer;
    }

    /** The store says that this job has changed. */
    void changed(String jobId) {
        List<Watch> watches = byJob.get(jobId);
        if (watches != null) {
            watches.forEach(Watch::look);
        }
    }

    /** Signals may have been lost. */
    void lookAgain() {
        byJob.values().forEach(watches -> watches.forEach(Watch::look));
    }

    private void remove(Watch watch) {
        byJob.computeIfPresent(watch.jobId, (id, all) -> {
            all.remove(watch);
            return all.isEmpty() ? null : all;
        });
    }

    private final class Watch {
        private final String jobId;
        private final Predicate<JobRecord> condition;
        private final long deadlineNanos;
        private final CompletableFuture<Optional<JobRecord>> answer = new CompletableFuture<>();
        private TimeSource.@Nullable Timeout timer;

        Watch(String jobId, Predicate<JobRecord> condition, long deadlineNanos) {
            this.jobId = jobId;
            this.condition = condition;
            this.deadlineNanos = deadlineNanos;
        }

        void look() {
            engine.store.find(jobId).whenComplete((found, failure) -> {
                boolean lastLook = engine.over || engine.time.nanoTime() - deadlineNanos >= 0;
                if (failure != null && lastLook) {
                    done(() -> answer.completeExceptionally(failure));
                } else if (failure == null && (lastLook || found.isEmpty() || condition.test(found.get()))) {
                    done(() -> answer.complete(found));
                } else {
                    again();
                }
            });
        }

        private synchronized void again() {
            if (timer == null && !answer.isDone()) {
                long next = engine.time.nanoTime() + NET_NANOS;
                timer = engine.time.schedule(next - deadlineNanos < 0 ? next : deadlineNanos, this::due);
            }
        }

        private void due() {
            synchronized (this) {
                timer = null;
            }
            look();
        }

        private void done(Runnable completion) {
            remove(this);
            synchronized (this) {
                if (timer != null) {
                    timer.cancel();
                }
            }
            engine.callbacks.execute(completion);
        }
    }
}
