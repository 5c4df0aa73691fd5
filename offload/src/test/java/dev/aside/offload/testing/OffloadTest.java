package dev.aside.offload.testing;

import dev.aside.offload.JobSnapshot;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadBuilder;
import dev.aside.offload.OffloadEvent;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * An executor for tests of programs that offload work: its time is turned by hand, and it remembers what was enqueued.
 *
 * <pre>{@code
 * try (OffloadTest test = OffloadTest.create(builder -> builder)) {
 *     new Shop(test.executor()).order("sku-1");
 *     test.assertEnqueued(SEND_EMAIL, 1);
 *     test.runAll();
 *     test.advance(Duration.ofMinutes(1)); // the retry
 *     test.runAll();
 * }
 * }</pre>
 */
public final class OffloadTest implements AutoCloseable {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ManualTime time = new ManualTime();
    private final ConcurrentLinkedQueue<OffloadEvent.Enqueued> enqueued = new ConcurrentLinkedQueue<>();
    private final OffloadExecutor executor;

    private OffloadTest(UnaryOperator<OffloadBuilder> options) {
        this.executor = options.apply(OffloadExecutor.builder())
                .time(time)
                .drain(Duration.ZERO)
                .listener(event -> {
                    if (event instanceof OffloadEvent.Enqueued job) {
                        enqueued.add(job);
                    }
                })
                .build();
    }

    /** An executor with the given options, and a time that stands still. */
    public static OffloadTest create(UnaryOperator<OffloadBuilder> options) {
        return new OffloadTest(options);
    }

    /** The executor under test. */
    public OffloadExecutor executor() {
        return executor;
    }

    /** Its time. */
    public ManualTime time() {
        return time;
    }

    /** Turns the time on. */
    public void advance(Duration by) {
        time.advance(by);
    }

    /**
     * Waits until nothing that could run now is left: what waits for its time stays.
     *
     * @throws AssertionError if something is left after 10 s; the message names it
     */
    public void runAll() {
        long until = System.nanoTime() + LIMIT_NANOS;
        while (!isQuiet()) {
            if (System.nanoTime() - until >= 0) {
                throw new AssertionError("after 10 s there is still " + executor.load() + " and " + unfinished()
                        + ". Hint: a task that waits for something, or a job type without a handler.");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private boolean isQuiet() {
        return unfinished().isEmpty()
                && executor.load().waiting() == 0
                && executor.load().running() == 0;
    }

    private List<JobSnapshot> unfinished() {
        return enqueued.stream()
                .flatMap(job -> executor.find(job.jobId()).stream())
                .filter(job -> job.state() == JobState.QUEUED || job.state() == JobState.RUNNING)
                .toList();
    }

    /** The ids of the jobs of a type that were enqueued so far, in order. */
    public List<String> enqueued(JobType<?, ?> type) {
        return enqueued.stream()
                .filter(job -> job.type().equals(type.name()))
                .map(OffloadEvent.Enqueued::jobId)
                .toList();
    }

    /**
     * Checks how many jobs of a type were enqueued so far.
     *
     * @throws AssertionError if not exactly so many jobs of the type were enqueued
     */
    public void assertEnqueued(JobType<?, ?> type, int times) {
        int found = enqueued(type).size();
        if (found != times) {
            throw new AssertionError("expected " + times + " jobs of type '" + type.name() + "' to be enqueued, found "
                    + found + " among "
                    + enqueued.stream().map(OffloadEvent.Enqueued::type).toList());
        }
    }

    @Override
    public void close() {
        executor.close();
    }
}
