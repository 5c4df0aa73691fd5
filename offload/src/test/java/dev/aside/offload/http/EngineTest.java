package dev.aside.offload.http;

import static dev.aside.offload.http.Samples.RESULT;
import static dev.aside.offload.http.Samples.answered;
import static dev.aside.offload.http.Samples.asking;
import static dev.aside.offload.http.Samples.body;
import static dev.aside.offload.http.Samples.contract;
import static dev.aside.offload.http.Samples.header;
import static dev.aside.offload.http.Samples.next;
import static dev.aside.offload.http.Samples.problem;
import static dev.aside.offload.http.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.aside.offload.BacklogFullException;
import dev.aside.offload.CallOptions;
import dev.aside.offload.ExecutorClosedException;
import dev.aside.offload.IdempotencyKeyReusedException;
import dev.aside.offload.JobFailedException;
import dev.aside.offload.JobHandle;
import dev.aside.offload.OffloadException;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.OnWaitTimeout;
import dev.aside.offload.Outcome;
import dev.aside.offload.WaitExceededException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract over a real executor: what the executor hands out and throws fits what the contract takes. */
@Timeout(30)
class EngineTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final CountDownLatch finish = new CountDownLatch(1);
    private final HttpContract contract = contract();

    private JobHandle<String> promoted(OffloadExecutor offload) throws Exception {
        Outcome<String> outcome = offload.call("report", ctx -> {
            finish.await();
            return "done";
        });
        return ((Outcome.Promoted<String>) outcome).job();
    }

    private static JobView view(OffloadExecutor offload, String id) {
        return JobView.of(offload.find(id).orElseThrow());
    }

    @Test
    void job_fromStartToResult_isAnsweredAtEachStep() throws Exception {
        try (OffloadExecutor offload =
                OffloadExecutor.builder().threshold(Duration.ZERO).build()) {
            StartPlan plan = next(contract.start(request(), StartRules.standard()));
            JobHandle<String> job = promoted(offload);
            Answer accepted = contract.accepted(plan, view(offload, job.id()));
            assertThat(header(accepted, "Location")).endsWith("/jobs/" + job.id());
            assertThat(contract.result(request(), view(offload, job.id())).status())
                    .isEqualTo(202);
            finish.countDown();
            assertThat(job.await(LONG)).isTrue();
            Answer over = answered(contract.poll(request("Prefer", "wait=9"), view(offload, job.id())));
            assertThat(header(over, "Location")).isEqualTo(RESULT.replace(Samples.ID, job.id()));
            Answer result = contract.result(request(), view(offload, job.id()));
            assertThat(result.status()).isEqualTo(200);
            assertThat(result.body()).isInstanceOf(Body.Result.class);
        }
    }

    @Test
    void job_withoutResultValue_is204() throws Exception {
        try (OffloadExecutor offload =
                OffloadExecutor.builder().threshold(Duration.ZERO).build()) {
            Outcome<Void> outcome = offload.call("mail", ctx -> {
                finish.await();
                return null;
            });
            JobHandle<Void> job = ((Outcome.Promoted<Void>) outcome).job();
            finish.countDown();
            assertThat(job.await(LONG)).isTrue();
            assertThat(contract.result(request(), view(offload, job.id())).status())
                    .isEqualTo(204);
        }
    }

    @Test
    void job_failedAndCancelled_isItsProblemWithoutExceptionText() throws Exception {
        try (OffloadExecutor offload =
                OffloadExecutor.builder().threshold(Duration.ZERO).build()) {
            Outcome<String> outcome = offload.call("report", ctx -> {
                finish.await();
                throw new IllegalStateException("secret");
            });
            JobHandle<String> job = ((Outcome.Promoted<String>) outcome).job();
            finish.countDown();
            assertThat(job.await(LONG)).isTrue();
            Answer status = answered(contract.poll(asking("redirect=false"), view(offload, job.id())));
            assertThat(body(status)).containsEntry("status", "Failed");
            assertThat(((Body.Document) status.body()).toJson()).doesNotContain("secret");
            assertThat(problem(contract.result(request(), view(offload, job.id()))))
                    .isEqualTo("job-failed");
            JobFailedException failed = catchThrowableOfType(JobFailedException.class, job::result);
            assertThat(problem(contract.refused(request(), failed))).isEqualTo("job-failed");
        }
    }

    @Test
    void delete_runningJob_stopsIt() throws Exception {
        try (OffloadExecutor offload =
                OffloadExecutor.builder().threshold(Duration.ZERO).build()) {
            CountDownLatch started = new CountDownLatch(1);
            Outcome<String> outcome = offload.call("report", ctx -> {
                CountDownLatch stop = new CountDownLatch(1);
                ctx.onCancel(stop::countDown);
                started.countDown();
                stop.await();
                ctx.throwIfCancelled();
                return "never";
            });
            JobHandle<String> job = ((Outcome.Promoted<String>) outcome).job();
            assertThat(started.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            CancelOrder order = next(contract.cancel(request("If-Match", "*"), view(offload, job.id())));
            Answer stopping = contract.cancelled(
                    request(), offload.cancel(order.jobId(), "by its owner"), view(offload, job.id()));
            assertThat(stopping.status()).isIn(200, 202);
            assertThat(job.await(LONG)).isTrue();
            assertThat(problem(contract.result(request(), view(offload, job.id()))))
                    .isEqualTo("job-cancelled");
            assertThat(answered(contract.cancel(request(), view(offload, job.id())))
                            .status())
                    .isEqualTo(204);
        }
    }

    @Test
    void refused_noRoom_is503WithTheExecutorsHint() throws Exception {
        try (OffloadExecutor offload = OffloadExecutor.builder()
                .threshold(Duration.ZERO)
                .type("report", t -> t.maxConcurrent(1).maxBacklog(1))
                .build()) {
            BacklogFullException full = catchThrowableOfType(BacklogFullException.class, () -> {
                for (int i = 0; i < 3; i++) {
                    promoted(offload);
                }
            });
            Answer answer = contract.refused(request(), full);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(problem(answer)).isEqualTo("queue-full");
            assertThat(header(answer, "Retry-After")).isEqualTo(Durations.retryAfter(full.retryAfter()));
            finish.countDown();
        }
    }

    @Test
    void refused_waitExceeded_is503() throws Exception {
        try (OffloadExecutor offload = OffloadExecutor.builder()
                .threshold(Duration.ofMillis(1))
                .type("report", t -> t.onWaitTimeout(OnWaitTimeout.CANCEL))
                .build()) {
            OffloadException thrown = catchThrowableOfType(WaitExceededException.class, () -> promoted(offload));
            finish.countDown(); // the cancelled work need not be waited out
            assertThat(problem(contract.refused(request(), thrown))).isEqualTo("wait-exceeded");
        }
    }

    @Test
    void refused_closed_is503() {
        OffloadExecutor offload = OffloadExecutor.create();
        offload.close();
        OffloadException thrown = catchThrowableOfType(ExecutorClosedException.class, () -> promoted(offload));
        Answer answer = contract.refused(request(), thrown);
        assertThat(problem(answer)).isEqualTo("shutting-down");
        assertThat(header(answer, "Retry-After")).isEqualTo("1");
    }

    @Test
    void refused_keyOfAnotherRequest_is422WithoutTheOthersJob() throws Exception {
        try (OffloadExecutor offload =
                OffloadExecutor.builder().threshold(Duration.ZERO).build()) {
            assertThat(offload.<String, RuntimeException>call("report", keyed("may"), ctx -> "done"))
                    .isNotNull();
            OffloadException thrown = catchThrowableOfType(
                    IdempotencyKeyReusedException.class, () -> offload.call("report", keyed("june"), ctx -> "other"));
            Answer answer = contract.refused(request(), thrown);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(problem(answer)).isEqualTo("idempotency-key-reused");
            assertThat(body(answer)).containsOnlyKeys("type", "title", "status", "retryable");
        }
    }

    private static CallOptions keyed(String payload) {
        return CallOptions.builder()
                .threshold(Duration.ZERO)
                .idempotencyKey("12345678", payload)
                .build();
    }
}
