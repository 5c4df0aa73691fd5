package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.ContextCarrier;
import dev.aside.offload.testing.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that are the same call: by idempotency key, by coalescing; and what calls carry along. */
@Timeout(30)
class KeyedCallTest {
    private static final ThreadLocal<String> USER = new ThreadLocal<>();

    private final ManualTime time = new ManualTime();
    private final InMemoryJobStore store = InMemoryJobStore.builder().time(time).build();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .store(store)
            .drain(Duration.ZERO)
            .type("tiny", type -> type.maxConcurrent(1).maxBacklog(0))
            .context(new UserCarrier())
            .build();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    private static CallOptions key(String key, String fingerprint) {
        return CallOptions.builder().idempotencyKey(key, fingerprint).build();
    }

    private String gated(JobContext context) throws InterruptedException {
        runs.incrementAndGet();
        gate.await();
        return "result";
    }

    @Test
    void sameKey_afterTheEnd_replaysTheAnswerWithoutRunning() {
        Outcome<Integer> first = offload.call("pay", key("k", "f"), ctx -> runs.incrementAndGet());
        Outcome<Integer> again = offload.call("pay", key("k", "f"), ctx -> runs.incrementAndGet());

        assertThat(first).isEqualTo(new Outcome.Done<>(1));
        assertThat(again).isEqualTo(new Outcome.Done<>(1, true));
        assertThat(first.replayed()).isFalse();
        assertThat(store.size()).isEqualTo(1);
        assertThatThrownBy(() -> offload.call("pay", key("k", "other"), ctx -> 1))
                .isInstanceOf(IdempotencyKeyReusedException.class);
        assertThat(offload.call("refund", key("k", "f"), ctx -> "another type"))
                .isEqualTo(new Outcome.Done<>("another type"));
    }

    @Test
    void sameKey_afterAFailure_repeatsThatItFailed() {
        assertThatThrownBy(() -> offload.call("pay", key("k", "f"), ctx -> {
                    throw new IOException("card refused");
                }))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> offload.call("pay", key("k", "f"), ctx -> 1)).isInstanceOf(JobFailedException.class);
    }

    @Test
    void sameKey_whileRunning_isTheSameJob() throws Exception {
        Callers.Caller<Outcome<String>> first = Callers.start(() -> offload.call("pay", key("k", "f"), this::gated));
        await().until(() -> runs.get() == 1);
        Callers.Caller<Outcome<String>> second = Callers.start(() -> offload.call("pay", key("k", "f"), this::gated));
        Callers.awaitParked(time, 2);
        time.advance(Duration.ofMillis(200));

        String id = first.get().fold(done -> null, JobHandle::id);
        assertThat(second.get().<String>fold(done -> null, JobHandle::id)).isEqualTo(id);
        assertThat(first.get().replayed()).isFalse();
        assertThat(second.get().replayed()).isTrue();
        gate.countDown();
        await().until(() -> offload.find(id).orElseThrow().isFinished());
        assertThat(runs).hasValue(1);
        assertThat(offload.call("pay", key("k", "f"), this::gated)).isEqualTo(new Outcome.Done<>("result", true));
    }

    @Test
    void sameKey_asynchronously_saysThatItIsAReplay() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletionStage<Outcome<String>> first = offload.callAsync("pay", key("k", "f"), ctx -> work);
        CompletionStage<Outcome<String>> joined = offload.callAsync("pay", key("k", "f"), ctx -> work);
        work.complete("paid");
        assertThat(first.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(new Outcome.Done<>("paid"));
        assertThat(joined.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(new Outcome.Done<>("paid", true));
        CompletionStage<Outcome<String>> later = offload.callAsync("pay", key("k", "f"), ctx -> work);
        assertThat(later.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(new Outcome.Done<>("paid", true));
    }

    @Test
    void sameKey_whileItFails_isAFailureOfTheJob_notTheFirstCallersException() throws Exception {
        IOException refused = new IOException("card refused");
        JobTask<String, Exception> failing = ctx -> {
            runs.incrementAndGet();
            gate.await();
            throw refused;
        };
        Callers.Caller<Outcome<String>> first = Callers.start(() -> offload.call("pay", key("k", "f"), failing));
        await().until(() -> runs.get() == 1);
        Callers.Caller<Outcome<String>> second = Callers.start(() -> offload.call("pay", key("k", "f"), failing));
        Callers.awaitParked(time, 2);
        gate.countDown();

        assertThat(first.failure()).isSameAs(refused);
        assertThat(second.failure()).isInstanceOf(JobFailedException.class).hasCause(refused);
    }

    @Test
    void keyedButNoRoom_isRefused_andTheKeyIsFreeAgain() throws Exception {
        Callers.Caller<Outcome<String>> first = Callers.start(() -> offload.call("tiny", this::gated));
        await().until(() -> runs.get() == 1);
        assertThatThrownBy(() -> offload.call("tiny", key("k", "f"), ctx -> "never"))
                .isInstanceOf(BacklogFullException.class);
        assertThat(store.size()).isZero();
        gate.countDown();
        first.get();
        await().until(() -> offload.load().unfinished() == 0);
        assertThat(offload.call("tiny", key("k", "f"), ctx -> "now")).isEqualTo(new Outcome.Done<>("now"));
    }

    @Test
    void coalesced_runsOnce_eachCallerGetsIt() throws Exception {
        CallOptions same =
                CallOptions.builder().coalesceBy(List.of("report", 2026)).build();
        List<Callers.Caller<Outcome<String>>> callers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            callers.add(Callers.start(() -> offload.call("report", same, this::gated)));
        }
        Callers.awaitParked(time, 5);
        gate.countDown();
        for (Callers.Caller<Outcome<String>> caller : callers) {
            assertThat(caller.get()).isEqualTo(new Outcome.Done<>("result"));
        }
        assertThat(runs).hasValue(1);
        assertThat(store.size()).isZero();
        offload.call("report", same, this::gated);
        assertThat(runs).as("what is over is not joined").hasValue(2);
    }

    @Test
    void coalesced_oneCallerGivesUp_theOthersKeepTheWork() throws Exception {
        CallOptions.Builder same = CallOptions.builder().coalesceBy("x");
        Callers.Caller<Outcome<String>> patient =
                Callers.start(() -> offload.call("report", same.build(), this::gated));
        Callers.awaitParked(time, 1);
        CallOptions hasty = CallOptions.builder()
                .coalesceBy("x")
                .threshold(Duration.ofMillis(50))
                .onWaitTimeout(OnWaitTimeout.CANCEL)
                .build();
        Callers.Caller<Outcome<String>> impatient = Callers.start(() -> offload.call("report", hasty, this::gated));
        Callers.awaitParked(time, 2);
        time.advance(Duration.ofMillis(50));

        assertThat(impatient.failure()).isInstanceOf(WaitExceededException.class);
        gate.countDown();
        assertThat(patient.get()).isEqualTo(new Outcome.Done<>("result"));
    }

    @Test
    void keyAndCoalesce_contradict() {
        assertThatThrownBy(() -> CallOptions.builder()
                        .idempotencyKey("k", "f")
                        .coalesceBy("x")
                        .build())
                .hasMessageStartingWith("idempotencyKey and coalesceBy are both set.");
        assertThatThrownBy(() -> CallOptions.builder().idempotencyKey("", "f"))
                .hasMessageStartingWith("an idempotency key of 0 characters is not within 1..255.");
    }

    @Test
    void context_isOnTheWorker_andGoneAfterwards() {
        USER.set("alice");
        assertThat(offload.call("who", ctx -> USER.get())).isEqualTo(new Outcome.Done<>("alice"));
        USER.remove();
        for (int i = 0; i < 20; i++) {
            assertThat(offload.call("who", ctx -> String.valueOf(USER.get()))).isEqualTo(new Outcome.Done<>("null"));
        }
    }

    @Test
    void context_ofANamedJob_travelsWithIt() throws Exception {
        JobType<String, String> who = JobType.of("who", String.class, String.class);
        USER.set("bob");
        JobHandle<String> job = offload.jobs().enqueue(who, "?");
        USER.remove();
        offload.jobs().handle(who, (payload, ctx) -> USER.get());
        assertThat(job.await(Duration.ofSeconds(10))).isTrue();
        assertThat(job.result()).isEqualTo("bob");
    }

    private static final class UserCarrier implements ContextCarrier {
        @Override
        public Captured capture() {
            return captured(USER.get());
        }

        @Override
        public Captured load(Map<String, String> exported) {
            return captured(exported.get("user"));
        }

        private static Captured captured(String user) {
            return new Captured() {
                @Override
                public Scope restore() {
                    String before = USER.get();
                    USER.set(user);
                    return () -> USER.set(before);
                }

                @Override
                public Map<String, String> export() {
                    return user == null ? Map.of() : Map.of("user", user);
                }
            };
        }
    }
}
