package dev.aside.offload;

import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.CancelAnswer;
import dev.aside.offload.spi.JobSignals;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.Purge;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An executor whose calls are answered within a threshold: with the result if the task is done by then, else with a job
 * that goes on and can be found by its id.
 *
 * <pre>{@code
 * OffloadExecutor offload = OffloadExecutor.builder().threshold(Duration.ofMillis(200)).build();
 * Outcome<Report> outcome = offload.call("sales-report", ctx -> reports.render(month, ctx));
 * outcome.fold(report -> ok(report), job -> accepted(job.id()));
 * offload.find(jobId);
 * }</pre>
 *
 * <p>Thread-safe. {@link #close()} it before the process ends: its threads are daemons.
 */
public final class OffloadExecutor implements AutoCloseable {
    final Engine engine;
    private final Jobs jobs;
    private final Shutdown shutdown;

    OffloadExecutor(OffloadBuilder options) {
        boolean ownStore = options.store == null;
        if (ownStore) {
            options.store = InMemoryJobStore.builder().time(options.time).build();
        }
        WorkerThreads threads = new WorkerThreads(options.name, options.time, options.virtualThreads);
        CallbackThreads callbacks = new CallbackThreads(options.name);
        this.engine = new Engine(options, new Types(options), new Dispatcher(threads, options), callbacks);
        this.jobs = new Jobs(engine);
        JobStore.Registration signals = engine.store.subscribe(new Signals(engine));
        this.shutdown = new Shutdown(engine, threads, options.drain, () -> {
            engine.beats.close();
            signals.close();
            callbacks.close();
            if (ownStore) {
                engine.store.close();
            }
        });
    }

    /** An executor with other options than the defaults. */
    public static OffloadBuilder builder() {
        return new OffloadBuilder();
    }

    /** An executor with its defaults: threshold 200 ms, jobs kept in memory. */
    public static OffloadExecutor create() {
        return builder().build();
    }

    /**
     * Runs the task on a thread of the executor and waits for it, at most the threshold of its type, counted from now:
     * time spent waiting for a worker counts. An interrupt ends the wait like the threshold does and stays set.
     *
     * @param type the kind of work: a letter, then up to 63 letters, digits, dots, dashes, underscores
     * @param task the work
     * @return {@link Outcome.Done} with the result, or {@link Outcome.Promoted} with a job that can be found already
     * @throws X what the task threw within the threshold, the same object
     * @throws BacklogFullException if there is no room to wait in; the task has not begun
     * @throws WaitExceededException if the type is set to {@link OnWaitTimeout#CANCEL} and the task was not done, or
     *     it could not be made a job within maxInline
     * @throws ExecutorClosedException if the executor is closed
     * @throws IllegalArgumentException if the type is not a name, or not known where types have to be declared
     * @throws IllegalStateException if called inside work of the same executor
     */
    public <T extends @Nullable Object, X extends Exception> Outcome<T> call(String type, JobTask<T, X> task) throws X {
        return call(type, CallOptions.none(), task);
    }

    /**
     * {@link #call(String, JobTask)} with something particular to this call.
     *
     * @throws X what the task threw within the threshold, the same object
     * @throws IdempotencyKeyReusedException if its idempotency key came with another fingerprint before
     * @throws JobFailedException if it repeats a call by its idempotency key that has failed
     * @throws JobStoreException if an idempotency key cannot be claimed; the task has not begun
     */
    public <T extends @Nullable Object, X extends Exception> Outcome<T> call(
            String type, CallOptions options, JobTask<T, X> task) throws X {
        Objects.requireNonNull(task, "task");
        TypeLane lane = engine.types.lane(type);
        Guards.mayWait(() -> "a call of job type '" + type + "'", engine);
        long arrival = engine.time.nanoTime();
        try {
            return engine.calls.await(lane, Request.blocking(task, options, engine.contexts.capture(), arrival));
        } catch (Throwable thrown) { // of the task, or what this method declares
            throw Answers.<RuntimeException>unchanged(thrown);
        }
    }

    /**
     * {@link #call(String, CallOptions, JobTask)} for a caller that must not wait: the task may block, on a thread of
     * the executor; the caller does not. The stage fails as {@code call} throws, with the same objects; its dependents
     * run on the executor's callback threads.
     */
    public <T extends @Nullable Object> CompletionStage<Outcome<T>> dispatch(
            String type, CallOptions options, JobTask<T, ?> task) {
        Objects.requireNonNull(task, "task");
        long arrival = engine.time.nanoTime();
        return engine.calls.answer(
                engine.types.lane(type), Request.blocking(task, options, engine.contexts.capture(), arrival));
    }

    /**
     * Starts asynchronous work on a thread of the executor; no thread waits for it. Otherwise like
     * {@link #dispatch}.
     */
    public <T extends @Nullable Object> CompletionStage<Outcome<T>> callAsync(String type, AsyncJobTask<T> task) {
        return callAsync(type, CallOptions.none(), task);
    }

    /** {@link #callAsync(String, AsyncJobTask)} with something particular to this call. */
    public <T extends @Nullable Object> CompletionStage<Outcome<T>> callAsync(
            String type, CallOptions options, AsyncJobTask<T> task) {
        Objects.requireNonNull(task, "task");
        long arrival = engine.time.nanoTime();
        return engine.calls.answer(
                engine.types.lane(type), new Request<>(null, task, options, engine.contexts.capture(), arrival, null));
    }

    /** Named jobs: handlers, work that any process with a handler may do, and calls of this process's handlers. */
    public Jobs jobs() {
        return jobs;
    }

    /** How much there is to do at the moment. */
    public OffloadLoad load() {
        return engine.dispatcher.load();
    }

    /**
     * Looks a job up. Finished jobs are kept for the time and within the bounds of the store.
     *
     * @param jobId an id, or any text a client sent as one
     * @return the job as it stands; empty when it is unknown, which is not the same as waiting
     * @throws JobStoreException if the store cannot be asked
     */
    public Optional<JobSnapshot> find(String jobId) {
        return Stages.join(findAsync(jobId));
    }

    /** {@link #find} without a waiting thread; fails as the store does. */
    public CompletionStage<Optional<JobSnapshot>> findAsync(String jobId) {
        return Finds.snapshot(engine, Objects.requireNonNull(jobId, "jobId"));
    }

    /**
     * Waits for a job to change, without a thread: the long poll.
     *
     * @param jobId an id, or any text a client sent as one
     * @param version the version the caller knows, 0 for none
     * @param timeout at most so long; zero or less only looks
     * @return the job as soon as its version is another one, or as it is at the end of the timeout; empty when unknown
     */
    public CompletionStage<Optional<JobSnapshot>> awaitChange(String jobId, long version, Duration timeout) {
        return engine.watches
                .await(
                        Objects.requireNonNull(jobId, "jobId"),
                        record -> record.version() != version,
                        engine.time.nanoTime() + timeout.toNanos())
                .thenCompose(found -> Finds.complete(engine, found));
    }

    /**
     * Asks to cancel a job, wherever it runs: the work is told, then interrupted, then given up.
     *
     * @param jobId an id, or any text a client sent as one
     * @param reason shown with the job
     * @throws JobStoreException if the store cannot be asked
     */
    public CancelAnswer cancel(String jobId, String reason) {
        return Stages.join(cancelAsync(jobId, reason));
    }

    /** {@link #cancel} without a waiting thread; fails as the store does. */
    public CompletionStage<CancelAnswer> cancelAsync(String jobId, String reason) {
        return engine.store.cancel(
                Objects.requireNonNull(jobId, "jobId"), Texts.cut(Objects.requireNonNull(reason, "reason")));
    }

    /**
     * Deletes jobs that are over for good, with payload, result and idempotency key, whoever ran them.
     *
     * @return how many there were
     * @throws JobStoreException if the store cannot be asked; some may be deleted then
     */
    public int purge(Purge which) {
        return Stages.join(engine.store.purge(Objects.requireNonNull(which, "which")));
    }

    /**
     * Takes nothing new, lets unfinished work go on for the drain time, then cancels it, interrupts it 5 s later and
     * gives up on what is left. Named jobs that did not end go back to the store, QUEUED for any other process, at no
     * cost in attempts; other jobs are LOST. Returns when all that is done and the store knows. Idempotent.
     */
    @Override
    public void close() {
        shutdown.run();
    }

    /** Brings the store's orders to the executions of this process. */
    private record Signals(Engine engine) implements JobSignals {
        @Override
        public void cancelRequested(String jobId, String reason) {
            Execution<?> execution = engine.live.get(jobId);
            if (execution != null) {
                execution.cancel(CancelCause.asked(reason));
            }
        }

        @Override
        public void ready(String type) {
            engine.claimer.ready(type);
        }

        @Override
        public void changed(String jobId, long version) {
            engine.watches.changed(jobId);
        }

        @Override
        public void missed() {
            engine.beats.beatNow();
            engine.live.values().forEach(execution -> execution.tracker().repeatNow());
            engine.untracks.repeatNow();
            engine.watches.lookAgain();
            engine.claimer.roomFreed();
        }
    }
}
