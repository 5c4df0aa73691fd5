package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.CancelAnswer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients are told of a failure. */
@Timeout(30)
class ProblemTest {
    private static final JobProblem SOLD_OUT =
            new JobProblem("https://example.com/sold-out", "Sold out.", 409, "none left", false);
    private static final JobProblem MAPPED = new JobProblem("urn:mapped", "Mapped.", 500, null, false);

    private final CountDownLatch gate = new CountDownLatch(1);
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .threshold(Duration.ZERO)
            .drain(Duration.ZERO)
            .problems(thrown -> MAPPED)
            .build();

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    /** Runs it when it is a job for certain. */
    private JobSnapshot ended(JobTask<?, RuntimeException> task) throws InterruptedException {
        JobHandle<?> job = offload.call("work", context -> {
                    gate.await();
                    return task.run(context);
                })
                .fold(done -> null, promoted -> promoted);
        gate.countDown();
        assertThat(job.await(Duration.ofSeconds(10))).isTrue();
        return job.status();
    }

    @Test
    void problem_saidByTheWork_winsOverTheMapper() throws InterruptedException {
        JobSnapshot failed = ended(context -> {
            context.problem(MAPPED);
            context.problem(SOLD_OUT);
            throw new IllegalStateException("secret");
        });
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(failed.problem()).contains(SOLD_OUT);
        assertThat(failed.record().error()).contains("IllegalStateException");
    }

    @Test
    void problem_saidByNobody_isTheMappers() throws InterruptedException {
        JobSnapshot failed = ended(context -> {
            throw new IllegalStateException("secret");
        });
        assertThat(failed.problem()).contains(MAPPED);
    }

    @Test
    void problem_saidByWorkThatSucceeds_isNone() throws InterruptedException {
        JobSnapshot done = ended(context -> {
            context.problem(SOLD_OUT);
            return "all the same";
        });
        assertThat(done.problem()).isEmpty();
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void problem_saidByAsynchronousWork_isTheJobs() throws Exception {
        CompletableFuture<String> stage = new CompletableFuture<>();
        Outcome<String> outcome = offload.callAsync("async", context -> {
                    context.problem(SOLD_OUT);
                    return stage;
                })
                .toCompletableFuture()
                .get();
        JobHandle<String> job = outcome.fold(done -> null, promoted -> promoted);
        stage.completeExceptionally(new IllegalStateException());
        assertThat(job.await(Duration.ofSeconds(10))).isTrue();
        assertThat(job.status().problem()).contains(SOLD_OUT);
    }

    @Test
    void problem_null_isRefused() throws InterruptedException {
        ended(context -> {
            assertThatThrownBy(() -> context.problem(null)).isInstanceOf(NullPointerException.class);
            return null;
        });
    }

    @Test
    void cancelAsync_runningJob_isAskedToStop() throws Exception {
        JobHandle<Integer> job = offload.call("slow", context -> {
                    context.onCancel(gate::countDown);
                    gate.await();
                    context.throwIfCancelled();
                    return 1;
                })
                .fold(done -> null, promoted -> promoted);
        assertThat(offload.cancelAsync(job.id(), "not needed")
                        .toCompletableFuture()
                        .get())
                .isEqualTo(CancelAnswer.REQUESTED);
        assertThat(job.await(Duration.ofSeconds(10))).isTrue();
        assertThat(job.status().state()).isEqualTo(JobState.CANCELLED);
    }
}
