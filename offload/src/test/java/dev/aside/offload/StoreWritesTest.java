package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.JobUpdate;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.PayloadCodec;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.offload.testing.ForwardingJobStore;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run writes to the store, on which thread, and what it makes of the answers. */
@Timeout(30)
class StoreWritesTest {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);

    private final ManualTime time = new ManualTime();
    private final InMemoryJobStore memory =
            InMemoryJobStore.builder().time(time).lease(Duration.ofSeconds(30)).build();
    private final Listening store = new Listening();
    private final Noting codec = new Noting();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .store(store)
            .codec(codec)
            .workers(1)
            .drain(Duration.ZERO)
            .build();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    @Test
    void claimedJob_writesNothingButItsEnd() throws Exception {
        offload.jobs().handle(MAIL, (mail, ctx) -> "sent");
        for (int i = 0; i < 3; i++) {
            JobHandle<String> job = offload.jobs().enqueue(MAIL, "a@b");
            assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(store.updates).isEmpty();
    }

    @Test
    void claimedJob_writesItsProgress() {
        offload.jobs().handle(MAIL, (mail, ctx) -> {
            ctx.progress(1, 2, "half");
            gate.await();
            return "sent";
        });
        JobHandle<String> job = offload.jobs().enqueue(MAIL, "a@b");
        await().until(() -> job.status().progress().done() == 1);
        assertThat(store.updates).hasSize(1);
    }

    @Test
    void updateUnderWayAtTheEnd_resultIsEncodedBeforeItsAnswer() throws Exception {
        CompletableFuture<WriteAnswer> answer = new CompletableFuture<>();
        store.answer = answer;
        offload.jobs().handle(MAIL, (mail, ctx) -> {
            ctx.progress(1, 2, "half");
            return "sent";
        });
        JobHandle<String> job = offload.jobs().enqueue(MAIL, "a@b");
        await().until(() -> store.updates.size() == 1 && offload.load().unfinished() == 0);
        answer.complete(WriteAnswer.OK); // this thread is the store's
        assertThat(job.status().state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(codec.encoders).hasSize(2).last().isNotEqualTo(Thread.currentThread());
    }

    @Test
    void updateIsRefused_theRunIsStoppedAtOnce() {
        store.answer = CompletableFuture.completedFuture(WriteAnswer.FENCED);
        CountDownLatch stopped = new CountDownLatch(1);
        offload.jobs().handle(MAIL, (mail, ctx) -> {
            ctx.onCancel(stopped::countDown);
            ctx.progress(1, 2, "half");
            gate.await();
            return "sent";
        });
        offload.jobs().enqueue(MAIL, "a@b");
        await().until(() -> stopped.getCount() == 0); // no time has passed, so no beat
    }

    /** Remembers updates, and may answer them by itself. */
    private final class Listening extends ForwardingJobStore {
        private final Queue<JobUpdate> updates = new ConcurrentLinkedQueue<>();
        private volatile @Nullable CompletableFuture<WriteAnswer> answer;

        Listening() {
            super(memory);
        }

        @Override
        public CompletionStage<WriteAnswer> update(String jobId, Owner owner, JobUpdate update) {
            updates.add(update);
            CompletableFuture<WriteAnswer> other = answer;
            return other == null ? super.update(jobId, owner, update) : other;
        }
    }

    /** Remembers who encodes. */
    private static final class Noting implements PayloadCodec {
        private final TextCodec texts = new TextCodec();
        private final Queue<Thread> encoders = new ConcurrentLinkedQueue<>();

        @Override
        public Payload encode(String type, int version, @Nullable Object value) {
            encoders.add(Thread.currentThread());
            return texts.encode(type, version, value);
        }

        @Override
        public <T> @Nullable T decode(String type, int version, Payload payload, Class<T> target) {
            return texts.decode(type, version, payload, target);
        }
    }
}
