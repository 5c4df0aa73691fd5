package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.CallOptions;
import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobSnapshot;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadBuilder;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.CancelAnswer;
import dev.aside.testkit.RedisServer;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two processes in one: two executors that share nothing but Redis. */
class TwoNodesIT {
    private static final JobType<Mail, String> MAIL = JobType.of("mail", Mail.class, String.class);

    record Mail(String to, int copies) {}

    record Report(String title, int pages) {}

    private final String namespace = Namespaces.next();
    private final List<AutoCloseable> open = new ArrayList<>();

    private OffloadExecutor node(UnaryOperator<OffloadBuilder> options) {
        RedisJobStore store = RedisJobStore.builder()
                .uri(RedisServer.shared().uri())
                .namespace(namespace)
                .build();
        OffloadExecutor node = options.apply(OffloadExecutor.builder()
                        .store(store)
                        .codec(JacksonPayloadCodec.create())
                        .drain(Duration.ofSeconds(1)))
                .build();
        open.add(0, store);
        open.add(0, node);
        return node;
    }

    private OffloadExecutor node() {
        return node(options -> options);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable last : open) {
            last.close();
        }
    }

    @Test
    void promotedCall_isKnownElsewhere_beforeItsIdIsHandedOut_andItsResultTooWhenItIsDone() throws Exception {
        OffloadExecutor a = node();
        OffloadExecutor b = node();
        CountDownLatch go = new CountDownLatch(1);
        Outcome<Report> outcome = a.call("report", ctx -> {
            ctx.progress(3, 10, "page 3");
            go.await();
            return new Report("sales", 10);
        });
        JobHandle<Report> job = ((Outcome.Promoted<Report>) outcome).job();
        JobSnapshot running = b.find(job.id()).orElseThrow();
        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.progress().message()).isEqualTo("page 3");
        var change = b.awaitChange(job.id(), running.record().version(), Duration.ofSeconds(30));
        go.countDown();
        change.toCompletableFuture().get(10, TimeUnit.SECONDS);
        await().untilAsserted(
                        () -> assertThat(b.find(job.id()).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED));
        assertThat(b.find(job.id()).orElseThrow().result(Report.class)).isEqualTo(new Report("sales", 10));
    }

    @Test
    void enqueued_runsWhereTheHandlerIs_atOnce() throws Exception {
        OffloadExecutor a = node();
        OffloadExecutor b = node();
        b.jobs().handle(MAIL, (mail, ctx) -> mail.to() + " x" + mail.copies());
        for (int i = 0; i < 5; i++) {
            JobHandle<String> job = a.jobs().enqueue(MAIL, new Mail("ann", i));
            assertThat(job.await(Duration.ofSeconds(10))).isTrue();
            assertThat(job.result()).isEqualTo("ann x" + i);
        }
    }

    @Test
    void manyEnqueued_eachIsDoneOnce_byBothNodes() {
        AtomicInteger onA = new AtomicInteger();
        AtomicInteger onB = new AtomicInteger();
        OffloadExecutor a = node(options -> options.workers(4));
        OffloadExecutor b = node(options -> options.workers(4));
        a.jobs().handle(MAIL, (mail, ctx) -> "a" + onA.incrementAndGet());
        b.jobs().handle(MAIL, (mail, ctx) -> "b" + onB.incrementAndGet());
        List<JobHandle<String>> jobs = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            jobs.add((i % 2 == 0 ? a : b).jobs().enqueue(MAIL, new Mail("ann", i)));
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(jobs)
                        .allSatisfy(job -> assertThat(job.status().state()).isEqualTo(JobState.SUCCEEDED)));
        assertThat(onA.get() + onB.get()).isEqualTo(400);
        assertThat(onA.get()).isPositive();
        assertThat(onB.get()).isPositive();
    }

    @Test
    void cancel_fromAnotherNode_stopsTheWork() throws Exception {
        OffloadExecutor a = node();
        OffloadExecutor b = node();
        CountDownLatch stopped = new CountDownLatch(1);
        JobType<Mail, String> slow = JobType.of("slow", Mail.class, String.class);
        CountDownLatch begun = new CountDownLatch(1);
        a.jobs().handle(slow, (mail, ctx) -> {
            ctx.onCancel(stopped::countDown);
            begun.countDown();
            stopped.await();
            ctx.throwIfCancelled();
            return "never";
        });
        JobHandle<String> job = b.jobs().enqueue(slow, new Mail("ann", 1));
        begun.await();
        assertThat(b.cancel(job.id(), "not wanted")).isEqualTo(CancelAnswer.REQUESTED);
        assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(job.await(Duration.ofSeconds(10))).isTrue();
        assertThat(job.status().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void delayed_startsWhenItIsDue_andFailuresAreRetriedAnywhere() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        UnaryOperator<OffloadBuilder> retried = options -> options.type(
                "mail",
                type -> type.retry(RetryConfig.custom()
                        .maxAttempts(3)
                        .waitDuration(Duration.ofMillis(50))
                        .build()));
        OffloadExecutor a = node(retried);
        OffloadExecutor b = node(retried);
        for (OffloadExecutor node : List.of(a, b)) {
            node.jobs().handle(MAIL, (mail, ctx) -> {
                if (attempts.incrementAndGet() < 3) {
                    throw new IllegalStateException("not yet");
                }
                return "sent";
            });
        }
        JobHandle<String> job = a.jobs()
                .enqueue(
                        MAIL,
                        new Mail("ann", 1),
                        EnqueueOptions.builder().delay(Duration.ofMillis(300)).build());
        assertThat(job.status().state()).isEqualTo(JobState.SCHEDULED);
        assertThat(job.await(Duration.ofSeconds(10))).isTrue();
        assertThat(job.result()).isEqualTo("sent");
        assertThat(job.status().record().attempts()).isEqualTo(3);
    }

    @Test
    void sameKey_onAnotherNode_isTheSameCall() throws Exception {
        OffloadExecutor a = node();
        OffloadExecutor b = node();
        AtomicInteger runs = new AtomicInteger();
        CallOptions keyed = CallOptions.builder()
                .threshold(Duration.ofSeconds(20))
                .idempotencyKey("order-7", "f1")
                .replayAs(String.class)
                .build();
        Outcome<String> first = a.call("pay", keyed, ctx -> "paid " + runs.incrementAndGet());
        Outcome<String> second = b.call("pay", keyed, ctx -> "paid " + runs.incrementAndGet());
        assertThat(first)
                .isInstanceOfSatisfying(
                        Outcome.Done.class, done -> assertThat(done.value()).isEqualTo("paid 1"));
        assertThat(second)
                .isInstanceOfSatisfying(
                        Outcome.Done.class, done -> assertThat(done.value()).isEqualTo("paid 1"));
        assertThat(runs.get()).isEqualTo(1);
    }

    @Test
    void nodeWithoutRoom_leavesWorkToTheOther_atOnce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        OffloadExecutor a = node(options -> options.type("mail", type -> type.maxConcurrent(1)));
        OffloadExecutor b = node();
        OffloadExecutor asking = node();
        a.jobs().handle(MAIL, (mail, ctx) -> {
            busy.countDown();
            go.await();
            return "a";
        });
        asking.jobs().enqueue(MAIL, new Mail("first", 1));
        busy.await();
        b.jobs().handle(MAIL, (mail, ctx) -> "b");
        for (int i = 0; i < 20; i++) {
            JobHandle<String> job = asking.jobs().enqueue(MAIL, new Mail("ann", i));
            assertThat(job.await(Duration.ofSeconds(4)))
                    .as("before any net catches it")
                    .isTrue();
            assertThat(job.result()).isEqualTo("b");
        }
        go.countDown();
    }

    @Test
    void typesThatGetRoomLater_areListenedForAtOnce() throws Exception {
        JobType<Mail, String> other = JobType.of("other", Mail.class, String.class);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        OffloadExecutor worker = node(options -> options.type("mail", type -> type.maxConcurrent(1)));
        OffloadExecutor asking = node();
        worker.jobs().handle(other, (mail, ctx) -> "other");
        worker.jobs().handle(MAIL, (mail, ctx) -> {
            busy.countDown();
            go.await();
            return "mail";
        });
        JobHandle<String> first = asking.jobs().enqueue(MAIL, new Mail("ann", 1));
        busy.await();
        assertThat(asking.jobs().enqueue(other, new Mail("ann", 2)).await(Duration.ofSeconds(4)))
                .isTrue();
        go.countDown();
        assertThat(first.await(Duration.ofSeconds(4))).isTrue();
        JobHandle<String> second = asking.jobs().enqueue(MAIL, new Mail("ann", 3));
        assertThat(second.await(Duration.ofSeconds(4)))
                .as("its reader waited for the other type only")
                .isTrue();
    }
}
