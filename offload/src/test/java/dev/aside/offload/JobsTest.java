package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.annotation.JobHandler;
import dev.aside.offload.annotation.JobHandlers;
import dev.aside.offload.job.JobState;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.testing.ManualTime;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Named jobs: two executors on one store stand for two processes. */
@Timeout(30)
class JobsTest {
    private record Mail(String to) {}

    private static final JobType<Mail, String> MAIL = JobType.of("mail", Mail.class, String.class);

    private final ManualTime time = new ManualTime();
    private final InMemoryJobStore store =
            InMemoryJobStore.builder().time(time).lease(Duration.ofSeconds(30)).build();
    private final List<OffloadExecutor> nodes = new ArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);

    private OffloadExecutor node() {
        return node(2);
    }

    private OffloadExecutor node(int permits) {
        OffloadExecutor node = OffloadExecutor.builder()
                .time(time)
                .store(store)
                .workers(4)
                .drain(Duration.ZERO)
                .type(
                        "mail",
                        type -> type.maxConcurrent(permits)
                                .maxBacklog(10)
                                .retry(RetryConfig.custom()
                                        .maxAttempts(2)
                                        .intervalFunction(IntervalFunction.of(Duration.ofMinutes(1)))
                                        .build()))
                .build();
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() {
        gate.countDown();
        nodes.forEach(OffloadExecutor::close);
    }

    @Test
    void enqueued_isDoneByWhoeverHasTheHandler() throws Exception {
        OffloadExecutor front = node();
        OffloadExecutor back = node();
        JobHandle<String> job = front.jobs().enqueue(MAIL, new Mail("a@b"));
        assertThat(job.status().state()).isEqualTo(JobState.QUEUED);

        back.jobs().handle(MAIL, (mail, ctx) -> "sent to " + mail.to());

        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        assertThat(job.result()).isEqualTo("sent to a@b");
        assertThat(job.completion().toCompletableFuture().get()).isEqualTo("sent to a@b");
        assertThat(front.jobs().find(MAIL, job.id()).orElseThrow().result()).isEqualTo("sent to a@b");
        assertThat(front.jobs().find(JobType.of("other", Mail.class, String.class), job.id()))
                .isEmpty();
    }

    @Test
    void delayed_startsWhenDue() throws Exception {
        OffloadExecutor node = node();
        node.jobs().handle(MAIL, (mail, ctx) -> "sent");
        JobHandle<String> job = node.jobs()
                .enqueue(
                        MAIL,
                        new Mail("a"),
                        EnqueueOptions.builder().delay(Duration.ofSeconds(7)).build());
        time.advance(Duration.ofMillis(6_999));
        assertThat(job.status().state()).isEqualTo(JobState.SCHEDULED);
        time.advance(Duration.ofMillis(1));
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void failed_isRetriedThenDead_thenRunAgain() throws Exception {
        OffloadExecutor node = node();
        AtomicBoolean works = new AtomicBoolean();
        node.jobs().handle(MAIL, (mail, ctx) -> {
            if (!works.get()) {
                throw new IOException("smtp down");
            }
            return "sent in attempt " + ctx.attempt();
        });
        JobHandle<String> job = node.jobs().enqueue(MAIL, new Mail("a"));
        await().until(() -> job.status().state() == JobState.SCHEDULED);
        assertThat(job.status().record().failures()).isEqualTo(1);
        time.advance(Duration.ofMinutes(1));
        await().until(() -> job.status().state() == JobState.FAILED);
        assertThat(node.jobs().dead(MAIL, 10)).extracting(JobSnapshot::id).containsExactly(job.id());
        assertThat(job.status().record().error()).isEqualTo("java.io.IOException: smtp down");

        works.set(true);
        assertThat(node.jobs().rerun(job.id())).isTrue();
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        assertThat(job.result()).isEqualTo("sent in attempt 1");
        assertThat(node.jobs().rerun(job.id())).isFalse();
        assertThat(node.jobs().dead(MAIL, 10)).isEmpty();
    }

    @Test
    void moreThanPermits_waitInTheStore_forAnybody() throws Exception {
        OffloadExecutor node = node();
        AtomicInteger running = new AtomicInteger();
        node.jobs().handle(MAIL, (mail, ctx) -> {
            running.incrementAndGet();
            gate.await();
            return "sent";
        });
        List<JobHandle<String>> jobs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            jobs.add(node.jobs().enqueue(MAIL, new Mail("m" + i)));
        }
        await().until(() -> running.get() == 2);
        assertThat(node.load()).isEqualTo(new OffloadLoad(0, 2, 2));
        assertThatThrownBy(() -> node.jobs().enqueue(MAIL, new Mail("one too many")))
                .isInstanceOf(BacklogFullException.class)
                .hasMessageContaining("job type mail has too many waiting");
        gate.countDown();
        for (JobHandle<String> job : jobs) {
            assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(running).hasValue(12);
    }

    @Test
    void cancelFromAnotherNode_reachesTheRunner() throws Exception {
        OffloadExecutor front = node();
        OffloadExecutor back = node();
        CountDownLatch started = new CountDownLatch(1);
        back.jobs().handle(MAIL, (mail, ctx) -> {
            started.countDown();
            while (true) {
                ctx.throwIfCancelled();
                Thread.onSpinWait();
            }
        });
        JobHandle<String> job = front.jobs().enqueue(MAIL, new Mail("a"));
        started.await();
        job.cancel("not needed");
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        assertThat(job.status().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void ownerSilent_anotherTakesOver_andTheZombieIsFenced() throws Exception {
        OffloadExecutor zombie = node(1); // busy with the one job, it cannot take it again itself
        CountDownLatch started = new CountDownLatch(1);
        List<Long> tokens = new ArrayList<>();
        zombie.jobs().handle(MAIL, (mail, ctx) -> {
            synchronized (tokens) {
                tokens.add(ctx.fencingToken());
            }
            started.countDown();
            gate.await();
            return "from the zombie";
        });
        JobHandle<String> job = zombie.jobs().enqueue(MAIL, new Mail("a"));
        started.await();
        // its beats stop: as if the process were paused for longer than its lease
        time.pause(Duration.ofSeconds(31));
        OffloadExecutor heir = node();
        heir.jobs().handle(MAIL, (mail, ctx) -> {
            synchronized (tokens) {
                tokens.add(ctx.fencingToken());
            }
            return "from the heir";
        });
        store.tick().toCompletableFuture().join();
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        gate.countDown();
        await().until(() -> zombie.load().unfinished() == 0);

        assertThat(job.result()).isEqualTo("from the heir");
        assertThat(job.status().record().crashes()).isEqualTo(1);
        assertThat(tokens).hasSize(2).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void sameKey_samePayload_isTheSameJob_otherPayloadIsRefused() {
        OffloadExecutor node = node();
        EnqueueOptions first =
                EnqueueOptions.builder().idempotencyKey("welcome:42", "f1").build();
        JobHandle<String> job = node.jobs().enqueue(MAIL, new Mail("a"), first);

        assertThat(node.jobs().enqueue(MAIL, new Mail("a"), first).id()).isEqualTo(job.id());
        assertThatThrownBy(() -> node.jobs()
                        .enqueue(
                                MAIL,
                                new Mail("b"),
                                EnqueueOptions.builder()
                                        .idempotencyKey("welcome:42", "f2")
                                        .build()))
                .isInstanceOf(IdempotencyKeyReusedException.class)
                .hasMessageContaining("came with another payload before");
    }

    @Test
    void notStartedInTime_isExpired() throws Exception {
        OffloadExecutor node = node();
        JobHandle<String> job = node.jobs()
                .enqueue(
                        MAIL,
                        new Mail("a"),
                        EnqueueOptions.builder()
                                .startWithin(Duration.ofSeconds(5))
                                .build());
        time.advance(Duration.ofSeconds(6));
        node.jobs().handle(MAIL, (mail, ctx) -> "too late");
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        assertThat(job.status().state()).isEqualTo(JobState.EXPIRED);
    }

    static final class Handlers {
        private final List<String> seen = new ArrayList<>();

        @JobHandler("mail")
        String send(Mail mail, JobContext context) {
            seen.add(context.type());
            return "annotated " + mail.to();
        }

        @JobHandler("ping")
        void ping(String text) {
            seen.add(text);
        }
    }

    @Test
    void annotatedMethods_areHandlers() throws Exception {
        OffloadExecutor node = node();
        Handlers handlers = new Handlers();
        assertThat(JobHandlers.register(node.jobs(), handlers)).isEqualTo(2);
        JobHandle<String> mail = node.jobs().enqueue(MAIL, new Mail("a"));
        assertThat(mail.await(Duration.ofSeconds(20))).isTrue();
        assertThat(mail.result()).isEqualTo("annotated a");
        JobHandle<Void> ping = node.jobs().enqueue(JobType.of("ping", String.class, Void.class), "hello");
        assertThat(ping.await(Duration.ofSeconds(20))).isTrue();
        assertThat(ping.result()).isNull();
        assertThat(handlers.seen).containsExactly("mail", "hello");
    }

    static final class NoHandlers {
        @JobHandler("bad")
        void bad(String a, String b) {}
    }

    @Test
    void handlerMistakes_areNamed() {
        OffloadExecutor node = node();
        assertThatThrownBy(() -> JobHandlers.register(node.jobs(), "text"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String has no method with @JobHandler");
        assertThatThrownBy(() -> JobHandlers.register(node.jobs(), new NoHandlers()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("@JobHandler(\"bad\") on ")
                .hasMessageContaining("Hint: handle(Payload) or handle(Payload, JobContext).");
        node.jobs().handle(MAIL, (mail, ctx) -> "x");
        assertThatThrownBy(() -> node.jobs().handle(MAIL, (mail, ctx) -> "y"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("job type 'mail' has a handler already.");
        assertThatThrownBy(() -> MAIL.version(0)).hasMessage("version of job type 'mail' 0 is below 1.");
    }
}
