package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.testing.ManualTime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Payloads that a process cannot read, or not yet. */
@Timeout(30)
class PayloadsTest {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);

    private final ManualTime time = new ManualTime();
    private final InMemoryJobStore store =
            InMemoryJobStore.builder().time(time).lease(Duration.ofSeconds(30)).build();
    private final CircuitBreaker breaker = CircuitBreaker.of(
            "mail",
            CircuitBreakerConfig.custom()
                    .slidingWindowSize(1)
                    .minimumNumberOfCalls(1)
                    .build());
    private final TextCodec codec = new TextCodec();
    private final AtomicInteger handled = new AtomicInteger();
    private final List<OffloadExecutor> nodes = new ArrayList<>();

    private OffloadExecutor node() {
        OffloadExecutor node = OffloadExecutor.builder()
                .time(time)
                .store(store)
                .codec(codec)
                .workers(4)
                .drain(Duration.ZERO)
                .type("mail", type -> type.maxConcurrent(2).retry(5).circuitBreaker(breaker))
                .build();
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() {
        nodes.forEach(OffloadExecutor::close);
    }

    private String handle(String mail) {
        handled.incrementAndGet();
        return "sent " + mail;
    }

    @Test
    void undecodable_isDeadAtOnce_andItsPayloadIsKeptForARerun() throws Exception {
        OffloadExecutor node = node();
        node.jobs().handle(MAIL, (mail, ctx) -> handle(mail));
        codec.unreadable = new IllegalStateException("not a mail");
        JobHandle<String> job = node.jobs().enqueue(MAIL, "a");

        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        JobRecord record = job.status().record();
        assertThat(record.state()).isEqualTo(JobState.FAILED);
        assertThat(record.problem()).isEqualTo(JobProblem.notReadable("payload"));
        assertThat(record.error())
                .endsWith("the payload of a job of type mail, version 1, cannot be decoded:"
                        + " java.lang.IllegalStateException: not a mail");
        assertThat(record.attempts()).isEqualTo(1);
        assertThat(handled).hasValue(0);
        assertThat(breaker.getState()).as("nothing behind it has failed").isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(node.jobs().dead(MAIL, 5)).extracting(JobSnapshot::id).containsExactly(job.id());

        codec.unreadable = null;
        assertThat(node.jobs().rerun(job.id())).isTrue();
        assertThat(job.await(Duration.ofSeconds(20))).isTrue();
        assertThat(job.result()).isEqualTo("sent a");
    }

    @Test
    void undecodable_whateverTheCodecDoes_isDeadAtOnce() throws Exception {
        OffloadExecutor node = node();
        node.jobs().handle(MAIL, (mail, ctx) -> handle(mail));
        codec.decodesToNull = true;
        JobHandle<String> absent = node.jobs().enqueue(MAIL, "a");
        assertThat(absent.await(Duration.ofSeconds(20))).isTrue();
        codec.overflows = true;
        JobHandle<String> deep = node.jobs().enqueue(MAIL, "b");
        assertThat(deep.await(Duration.ofSeconds(20))).isTrue();

        assertThat(List.of(absent, deep))
                .extracting(job -> job.status().problem().orElseThrow())
                .containsOnly(JobProblem.notReadable("payload"));
        assertThat(handled).hasValue(0);
    }

    @Test
    void handlerThrowsClassCast_isAFailureLikeAnyOther() throws Exception {
        OffloadExecutor node = node();
        node.jobs().handle(MAIL, (mail, ctx) -> {
            throw new ClassCastException("of the handler");
        });
        JobHandle<String> job = node.jobs().enqueue(MAIL, "a");
        await().until(() -> job.status().state() == JobState.SCHEDULED);
        assertThat(job.status().record().failures()).isEqualTo(1);
    }

    @Test
    void newer_isPutBackUntried_untilAProcessThatKnowsItComes() throws Exception {
        OffloadExecutor old = node();
        old.jobs().handle(MAIL, (mail, ctx) -> handle("by the old"));
        OffloadExecutor updated = node();
        List<String> log = new CopyOnWriteArrayList<>();
        Handler listener = listener(log);
        Logger logger = Logger.getLogger(NewerPayloads.class.getName());
        logger.addHandler(listener);
        try {
            JobHandle<String> job = updated.jobs().enqueue(MAIL.version(2), "a");
            for (int round = 0; round < 5; round++) {
                await().until(() -> job.status().state() == JobState.SCHEDULED);
                JobRecord waiting = job.status().record();
                assertThat(waiting.attempts()).isZero();
                assertThat(waiting.failures()).isZero();
                assertThat(waiting.crashes()).isZero();
                assertThat(Duration.between(time.instant(), waiting.dueAt()))
                        .isBetween(Duration.ofMillis(7_500), Duration.ofMillis(75_000));
                time.advance(Duration.between(time.instant(), waiting.dueAt()));
            }
            old.close(); // the deploy is over
            updated.jobs().handle(MAIL.version(2), (mail, ctx) -> handle(mail));
            await().until(() -> {
                time.advance(Duration.ofSeconds(5));
                return job.status().isFinished();
            });
            assertThat(job.result()).isEqualTo("sent a");
            assertThat(job.status().record().attempts()).isEqualTo(1);
            assertThat(log).hasSize(1).first().asString().contains("of type mail has a payload of version 2");
        } finally {
            logger.removeHandler(listener);
        }
    }

    @Test
    void newer_doesNotHideWhatIsBehindIt() throws Exception {
        OffloadExecutor front = node();
        for (int i = 0; i < 7; i++) {
            front.jobs().enqueue(MAIL.version(2), "newer " + i);
        }
        JobHandle<String> known = front.jobs().enqueue(MAIL, "known");
        OffloadExecutor old = node();
        old.jobs().handle(MAIL, (mail, ctx) -> handle(mail));
        assertThat(known.await(Duration.ofSeconds(20))).isTrue();
        assertThat(known.result()).isEqualTo("sent known");
        assertThat(handled).hasValue(1);
    }

    @Test
    void newer_takesNeitherWorkerNorPermit() {
        OffloadExecutor old = node();
        old.jobs().handle(MAIL, (mail, ctx) -> handle(mail));
        JobHandle<String> job = old.jobs().enqueue(MAIL.version(2), "a");
        await().until(() -> job.status().state() == JobState.SCHEDULED);
        assertThat(old.engine.live).isEmpty();
        assertThat(old.load()).isEqualTo(new OffloadLoad(0, 0, 0));
    }

    @Test
    void handlerTheCodecCannotServe_isRefusedAtOnce() {
        OffloadExecutor node = node();
        assertThatThrownBy(() -> node.jobs().handle(MAIL.version(9), (mail, ctx) -> mail))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mail 9");
        node.jobs().handle(MAIL, (mail, ctx) -> handle(mail));
    }

    private static Handler listener(List<String> log) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                log.add(new java.util.logging.SimpleFormatter().formatMessage(record));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
