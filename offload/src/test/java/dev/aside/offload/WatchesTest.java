package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.testing.ForwardingJobStore;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long polls while the store fails. */
@Timeout(30)
class WatchesTest {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);

    private final ManualTime time = new ManualTime();
    private final Failing store =
            new Failing(InMemoryJobStore.builder().time(time).build());
    private final OffloadExecutor offload =
            OffloadExecutor.builder().time(time).store(store).build();
    private final JobHandle<String> job = offload.jobs().enqueue(MAIL, "a@b");

    @AfterEach
    void close() {
        offload.close();
    }

    private CompletableFuture<Optional<JobSnapshot>> poll() {
        return offload.awaitChange(job.id(), 1, Duration.ofSeconds(20)).toCompletableFuture();
    }

    @Test
    void oneLookFails_isRepeated_andTheChangeIsSeen() throws Exception {
        store.failures.set(1);
        CompletableFuture<Optional<JobSnapshot>> poll = poll();
        assertThat(store.failures).hasValue(0);
        job.cancel("not needed");
        assertThat(poll.get(10, TimeUnit.SECONDS).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void looksFailUntilTheDeadline_fails() {
        store.failures.set(Integer.MAX_VALUE);
        CompletableFuture<Optional<JobSnapshot>> poll = poll();
        time.advance(Duration.ofMillis(19_999));
        assertThat(poll).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(poll).failsWithin(Duration.ofSeconds(10)).withThrowableThat().withMessageContaining("store away");
    }

    @Test
    void onlyLooks_failsAtOnce() {
        store.failures.set(1);
        assertThat(offload.awaitChange(job.id(), 1, Duration.ZERO).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class);
    }

    private static final class Failing extends ForwardingJobStore {
        private final AtomicInteger failures = new AtomicInteger();

        Failing(InMemoryJobStore memory) {
            super(memory);
        }

        @Override
        public CompletionStage<Optional<JobRecord>> find(String jobId) {
            return failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                    ? CompletableFuture.failedFuture(new IllegalStateException("store away"))
                    : super.find(jobId);
        }
    }
}
