package dev.aside.offload.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.CallOptions;
import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobStoreException;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.BlobStore;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.PayloadCodec;
import dev.aside.offload.spi.Submission;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.offload.testing.ForwardingJobStore;
import dev.aside.offload.testing.InMemoryBlobStore;
import dev.aside.offload.testing.ManualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where large values are, and when they are gone. */
@Timeout(30)
class LargePayloadsTest {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);
    private static final String LARGE = "x".repeat(2_000);

    private final ManualTime time = new ManualTime();
    private final InMemoryBlobStore blobs = new InMemoryBlobStore();
    private final InMemoryJobStore memory =
            InMemoryJobStore.builder().time(time).lease(Duration.ofSeconds(30)).build();
    private final JobStore store = LargePayloads.beside(memory, blobs, 1_000);
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .store(store)
            .codec(new Texts())
            .workers(1)
            .drain(Duration.ZERO)
            .build();
    private final AtomicBoolean fails = new AtomicBoolean();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    private void handle() {
        offload.jobs().handle(MAIL, (mail, ctx) -> {
            if (fails.get()) {
                throw new IllegalStateException("smtp down");
            }
            return mail.substring(1);
        });
    }

    private void awaitEnd(JobHandle<?> job) throws InterruptedException {
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void large_isABlob_untilItsJobIsOver_andTheResultStays() throws Exception {
        JobHandle<String> job = offload.jobs().enqueue(MAIL, LARGE);
        assertThat(blobs.keys()).containsExactly(job.id() + "/payload");
        assertThat(memory.bytes()).isLessThan(1_500);
        handle();
        awaitEnd(job);
        assertThat(job.result()).isEqualTo(LARGE.substring(1));
        await().until(() -> blobs.keys().size() == 1);
        assertThat(blobs.keys()).singleElement().asString().startsWith(job.id() + "/result/");
    }

    @Test
    void page_asWritten_putsLargeValuesAside() throws Exception {
        InMemoryJobStore jobStore = InMemoryJobStore.create();
        InMemoryBlobStore bucket = new InMemoryBlobStore();
        PayloadCodec codec = new Texts();
        // spotless:off
        JobStore store = LargePayloads.beside(jobStore, bucket, 64 << 10);
        OffloadExecutor offload = OffloadExecutor.builder().store(store).codec(codec).build();
        // spotless:on
        try (offload) {
            String id = offload.jobs().enqueue(MAIL, LARGE.repeat(100)).id();
            assertThat(bucket.keys()).containsExactly(id + "/payload");
        }
    }

    @Test
    void small_staysInTheStore() throws Exception {
        handle();
        JobHandle<String> job = offload.jobs().enqueue(MAIL, "small");
        awaitEnd(job);
        assertThat(job.result()).isEqualTo("mall");
        await().untilAsserted(() -> assertThat(blobs.keys()).isEmpty());
    }

    @Test
    void deadJob_keepsItsPayload_forTheRerun() throws Exception {
        fails.set(true);
        handle();
        JobHandle<String> job = offload.jobs().enqueue(MAIL, LARGE);
        awaitEnd(job);
        assertThat(job.status().state()).isEqualTo(JobState.FAILED);
        assertThat(blobs.keys()).containsExactly(job.id() + "/payload");
        fails.set(false);
        assertThat(offload.jobs().rerun(job.id())).isTrue();
        awaitEnd(job);
        assertThat(job.result()).hasSize(1_999);
        await().until(() -> blobs.keys().stream().noneMatch(key -> key.endsWith("/payload")));
    }

    @Test
    void cancelledBeforeItsStart_leavesNothing() {
        JobHandle<String> job = offload.jobs().enqueue(MAIL, LARGE);
        job.cancel("not needed");
        assertThat(blobs.keys()).isEmpty();
    }

    @Test
    void notTaken_leavesNothing() {
        EnqueueOptions key = EnqueueOptions.builder().idempotencyKey("k", "f").build();
        JobHandle<String> job = offload.jobs().enqueue(MAIL, LARGE, key);
        assertThat(offload.jobs().enqueue(MAIL, LARGE, key).id()).isEqualTo(job.id());
        assertThat(blobs.keys()).containsExactly(job.id() + "/payload");
    }

    @Test
    void fencedResult_leavesTheRealOneAlone() throws Exception {
        handle();
        JobHandle<String> job = offload.jobs().enqueue(MAIL, LARGE);
        awaitEnd(job);
        await().until(() -> blobs.keys().size() == 1); // the payload goes after the end is known
        String real = blobs.keys().iterator().next();
        JobEnd late = JobEnd.succeeded(Payload.of(new byte[2_000], "text/plain"));
        assertThat(store.finish(job.id(), new Owner("zombie", 7), late)
                        .toCompletableFuture()
                        .get())
                .isEqualTo(WriteAnswer.FENCED);
        assertThat(blobs.keys()).containsExactly(real);
        assertThat(job.result()).hasSize(1_999);
    }

    @Test
    void repeatedFinish_keepsTheResultThatCounts() throws Exception {
        AtomicBoolean twice = new AtomicBoolean(true);
        JobStore replaying = LargePayloads.beside(
                new ForwardingJobStore(memory) {
                    @Override
                    public CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end) {
                        if (twice.getAndSet(false)) {
                            super.finish(jobId, owner, end); // as a client that sends again after a reconnect
                        }
                        return super.finish(jobId, owner, end);
                    }
                },
                blobs,
                1_000);
        JobHandle<String> job = offload.jobs().enqueue(MAIL, "small");
        Claims.Claimed claimed = replaying
                .claim(new ClaimRequest("a", Map.of("mail", 1), 1))
                .toCompletableFuture()
                .get()
                .jobs()
                .get(0);
        Owner owner = new Owner("a", claimed.record().epoch());
        JobEnd end = JobEnd.succeeded(Payload.of(LARGE.getBytes(StandardCharsets.UTF_8), "text/plain"));
        for (int i = 0; i < 3; i++) {
            assertThat(replaying
                            .finish(job.id(), owner, end)
                            .toCompletableFuture()
                            .get())
                    .isEqualTo(WriteAnswer.ALREADY);
            assertThat(blobs.keys()).hasSize(1);
            assertThat(job.result()).isEqualTo(LARGE);
        }
    }

    @Test
    void namedCall_isTheSame() throws Exception {
        offload.jobs().handle(MAIL, (mail, ctx) -> {
            gate.await();
            return "sent";
        });
        CompletionStage<Outcome<String>> answer = offload.jobs().callAsync(MAIL, LARGE, CallOptions.none());
        await().until(() -> offload.load().running() == 1);
        time.advance(Duration.ofMillis(200));
        String id = answer.toCompletableFuture().get().fold(done -> "too early", JobHandle::id);
        assertThat(blobs.keys()).containsExactly(id + "/payload");
        gate.countDown();
        await().until(() -> offload.find(id).orElseThrow().isFinished());
        await().until(() -> blobs.keys().isEmpty());
    }

    // ---- trouble

    @Test
    void blobStoreDown_nothingIsAccepted() {
        blobs.down(true);
        assertThatThrownBy(() -> offload.jobs().enqueue(MAIL, LARGE))
                .isInstanceOf(JobStoreException.class)
                .hasRootCauseMessage("the blob store is down");
        assertThat(memory.size()).isZero();
    }

    @Test
    void blobStoreDownAtTheClaim_theJobWaitsUntried() throws Exception {
        JobHandle<String> job = offload.jobs().enqueue(MAIL, LARGE);
        blobs.down(true);
        handle();
        await().until(() -> job.status().state() == JobState.SCHEDULED);
        assertThat(job.status().record().attempts()).isZero();
        blobs.down(false);
        time.advance(Duration.ofSeconds(10));
        awaitEnd(job);
        assertThat(job.result()).hasSize(1_999);
    }

    @Test
    void blobStoreSilentAtTheClaim_theJobGoesBackUntried() throws Exception {
        InMemoryJobStore impatient = InMemoryJobStore.builder()
                .time(time)
                .lease(Duration.ofMillis(150))
                .build();
        JobStore silent = LargePayloads.beside(
                impatient,
                new ForwardingBlobStore(blobs) {
                    @Override
                    public CompletionStage<Optional<Payload>> get(String key) {
                        return new CompletableFuture<>();
                    }
                },
                1_000);
        JobRecord record = JobRecord.builder(JobId.next(time.instant(), 1), "mail")
                .kind(JobKind.NAMED)
                .build();
        Payload large = Payload.of(LARGE.getBytes(StandardCharsets.UTF_8), "text/plain");
        silent.submit(new Submission(record, large, Duration.ZERO, 0, null));
        assertThat(silent.claim(new ClaimRequest("a", Map.of("mail", 1), 1))
                        .toCompletableFuture()
                        .get()
                        .jobs())
                .isEmpty();
        JobRecord back = impatient.find(record.id()).toCompletableFuture().get().orElseThrow();
        assertThat(back.state()).isEqualTo(JobState.SCHEDULED);
        assertThat(back.attempts()).isZero();
    }

    @Test
    void endIsRepeatedUntilTheStoreTakesIt_resultIsOneBlob() throws Exception {
        AtomicInteger failures = new AtomicInteger(3);
        JobStore failing = LargePayloads.beside(
                new ForwardingJobStore(memory) {
                    @Override
                    public CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end) {
                        return failures.getAndDecrement() > 0
                                ? CompletableFuture.failedFuture(new IllegalStateException("store away"))
                                : super.finish(jobId, owner, end);
                    }
                },
                blobs,
                1_000);
        try (OffloadExecutor node = OffloadExecutor.builder()
                .time(time)
                .store(failing)
                .codec(new Texts())
                .build()) {
            node.jobs().handle(MAIL, (mail, ctx) -> LARGE);
            JobHandle<String> job = node.jobs().enqueue(MAIL, "small");
            await().until(() -> {
                time.advance(Duration.ofMillis(100));
                return job.status().isFinished();
            });
            assertThat(job.result()).isEqualTo(LARGE);
            assertThat(blobs.keys()).hasSize(1);
        }
    }

    @Test
    void payloadGone_isNotReadable_andAResultGoneIsNotKept() throws Exception {
        JobHandle<String> job = offload.jobs().enqueue(MAIL, LARGE);
        blobs.clear();
        handle();
        awaitEnd(job);
        assertThat(job.status().problem()).contains(JobProblem.notReadable("payload"));

        JobHandle<String> done = offload.jobs().enqueue(MAIL, LARGE);
        awaitEnd(done);
        blobs.clear();
        assertThat(done.status().isResultExpired()).isTrue();
    }

    @Test
    void forgedReference_readsNothingElse() throws Exception {
        handle();
        JobHandle<String> victim = offload.jobs().enqueue(MAIL, LARGE);
        awaitEnd(victim);
        await().until(() -> blobs.keys().size() == 1); // the payload goes after the end is told
        String key = blobs.keys().iterator().next();
        LargeValues values = new LargeValues(blobs, 0);
        Payload forged = Payload.of(key.getBytes(StandardCharsets.UTF_8), "application/vnd.aside.blob");
        assertThat(values.result("jb_other", forged).toCompletableFuture().get())
                .isEmpty();
        assertThat(values.result(victim.id(), forged).toCompletableFuture().get())
                .isPresent();
    }

    @Test
    void negativeSize_isRefused() {
        assertThatThrownBy(() -> LargePayloads.beside(memory, blobs, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the size -1 above which values are large is below 0.");
    }

    /** Tests override what has to go wrong. */
    private static class ForwardingBlobStore implements BlobStore {
        private final BlobStore target;

        ForwardingBlobStore(BlobStore target) {
            this.target = target;
        }

        @Override
        public CompletionStage<Void> put(String key, Payload value) {
            return target.put(key, value);
        }

        @Override
        public CompletionStage<Optional<Payload>> get(String key) {
            return target.get(key);
        }

        @Override
        public CompletionStage<Void> delete(String key) {
            return target.delete(key);
        }
    }

    private static final class Texts implements PayloadCodec {
        @Override
        public Payload encode(String type, int version, @Nullable Object value) {
            return Payload.of(String.valueOf(value).getBytes(StandardCharsets.UTF_8), "text/plain");
        }

        @Override
        public <T> @Nullable T decode(String type, int version, Payload payload, Class<T> target) {
            if (!payload.contentType().equals("text/plain")) {
                throw new IllegalArgumentException("not a text but " + payload.contentType());
            }
            return target.cast(new String(payload.bytes(), StandardCharsets.UTF_8));
        }
    }
}
