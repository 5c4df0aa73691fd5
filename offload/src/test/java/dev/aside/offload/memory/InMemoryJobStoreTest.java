package dev.aside.offload.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.Purge;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class InMemoryJobStoreTest {
    private static final Owner OWNER = new Owner("node", 1);

    private final ManualTime time = new ManualTime();

    private InMemoryJobStore.Builder builder() {
        return InMemoryJobStore.builder().time(time);
    }

    private String running(InMemoryJobStore store) {
        String id = JobId.next(time.instant(), 0);
        Admission admission = get(store.track(
                JobRecord.builder(id, "work")
                        .state(JobState.RUNNING)
                        .node(OWNER.node())
                        .epoch(OWNER.epoch())
                        .build(),
                null,
                null));
        assertThat(admission.answer()).isEqualTo(Admission.Answer.ACCEPTED);
        return id;
    }

    private String finished(InMemoryJobStore store, Object result) {
        String id = running(store);
        assertThat(get(store.finish(id, OWNER, JobEnd.succeeded(Payload.reference(result)))))
                .isEqualTo(WriteAnswer.OK);
        return id;
    }

    private static <T> T get(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().join();
    }

    @Test
    void purge_ofACertainAge_freesWhatTheyHeld() {
        InMemoryJobStore store = builder().build();
        finished(store, new byte[5_000]);
        finished(store, new byte[5_000]);
        time.advance(Duration.ofMinutes(5));
        String young = finished(store, new byte[100]);
        assertThat(get(store.purge(new Purge(JobState.SUCCEEDED, null, Duration.ofMinutes(5)))))
                .isEqualTo(2);
        assertThat(store.size()).isEqualTo(1);
        assertThat(get(store.result(young))).isPresent();
        assertThat(get(store.purge(new Purge(JobState.SUCCEEDED, null, Duration.ZERO))))
                .isEqualTo(1);
        assertThat(store.bytes()).isZero();
    }

    @Test
    void purge_ofUnfinishedJobs_isRefused() {
        assertThatThrownBy(() -> new Purge(JobState.RUNNING, null, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RUNNING are never purged");
        assertThatThrownBy(() -> new Purge(JobState.FAILED, null, Duration.ofSeconds(-1)))
                .hasMessageContaining("negative");
    }

    @Test
    void hundredThousandFinishedJobs_stayWithinCountAndBytes() {
        InMemoryJobStore store = builder().build();
        List<byte[]> results = List.of(new byte[0], new byte[100], new byte[5_000], new byte[40_000]);
        String last = "";
        int most = 0;
        long heaviest = 0;
        for (int i = 0; i < 100_000; i++) {
            last = finished(store, results.get(i % results.size()));
            most = Math.max(most, store.size());
            heaviest = Math.max(heaviest, store.bytes());
        }
        assertThat(most).isEqualTo(10_000);
        assertThat(heaviest).isBetween(60L << 20, 64L << 20);
        assertThat(get(store.result(last))).isPresent();
    }

    @Test
    void result_isDroppedBeforeItsRecord() {
        InMemoryJobStore store = builder()
                .retention(Duration.ofMinutes(1), Duration.ofMinutes(2))
                .build();
        String id = finished(store, "value");
        time.advance(Duration.ofSeconds(59));
        assertThat(get(store.result(id))).isPresent();
        time.advance(Duration.ofSeconds(1));
        assertThat(get(store.result(id))).isEmpty();
        assertThat(get(store.find(id)).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
        time.advance(Duration.ofMinutes(1));
        assertThat(get(store.find(id))).isEmpty();
        assertThat(store.bytes()).isZero();
    }

    @Test
    void bytesRunOut_oldestResultGoesFirst() {
        InMemoryJobStore store = builder().maxBytes(100_000).build();
        List<String> ids = List.of(
                finished(store, new byte[20_000]),
                finished(store, new byte[20_000]),
                finished(store, new byte[20_000]),
                finished(store, new byte[20_000]),
                finished(store, new byte[20_000]));

        assertThat(get(store.result(ids.get(0)))).isEmpty();
        assertThat(get(store.find(ids.get(0)))).isPresent();
        assertThat(get(store.result(ids.get(1)))).isPresent();
        assertThat(get(store.result(ids.get(4)))).isPresent();
    }

    @Test
    void resultTooLarge_failsTheJobWithTheLimit() {
        InMemoryJobStore store = builder().maxBytes(100_000).build();
        String id = finished(store, new byte[30_000]);

        JobRecord record = get(store.find(id)).orElseThrow();
        assertThat(record.state()).isEqualTo(JobState.FAILED);
        assertThat(record.problem()).isEqualTo(JobProblem.resultTooLarge(30_032, 25_000));
    }

    @Test
    void unfinishedJobs_areNeverDropped_andFillTheStore() {
        InMemoryJobStore store = builder().maxJobs(3).build();
        String done = finished(store, 1);
        List<String> unfinished = List.of(running(store), running(store), running(store));

        assertThat(get(store.find(done))).isEmpty();
        assertThat(get(store.track(
                                JobRecord.builder(JobId.next(time.instant(), 0), "work")
                                        .build(),
                                null,
                                null))
                        .answer())
                .isEqualTo(Admission.Answer.FULL);
        time.advance(Duration.ofDays(30));
        assertThat(unfinished).allSatisfy(id -> assertThat(get(store.find(id))).isPresent());
    }

    @Test
    void write_ofAnotherOwner_isFenced() {
        InMemoryJobStore store = builder().build();
        String id = running(store);

        assertThat(get(store.finish(id, new Owner("node", 2), JobEnd.succeeded(Payload.reference(1)))))
                .isEqualTo(WriteAnswer.FENCED);
        assertThat(get(store.untrack(id, new Owner("other", 1)))).isEqualTo(WriteAnswer.FENCED);
        assertThat(get(store.find(id)).orElseThrow().state()).isEqualTo(JobState.RUNNING);
        assertThat(get(store.finish(id, OWNER, JobEnd.succeeded(Payload.reference(1)))))
                .isEqualTo(WriteAnswer.OK);
        assertThat(get(store.finish(id, OWNER, JobEnd.succeeded(Payload.reference(2)))))
                .isEqualTo(WriteAnswer.ALREADY);
        assertThat(get(store.result(id)).orElseThrow().value()).isEqualTo(1);
    }

    @Test
    void sizeEstimate_countsWhatResultsAreMadeOf() {
        SizeEstimator size = new SizeEstimator();

        assertThat(size.applyAsLong(null)).isZero();
        assertThat(size.applyAsLong("x".repeat(1_000))).isEqualTo(2_032);
        assertThat(size.applyAsLong(new byte[1_000])).isEqualTo(1_032);
        assertThat(size.applyAsLong(new long[1_000])).isEqualTo(8_032);
        assertThat(size.applyAsLong(List.of("x".repeat(1_000), "y".repeat(1_000))))
                .isGreaterThanOrEqualTo(4_000);
        assertThat(size.applyAsLong(Map.of("k", new byte[5_000]))).isGreaterThanOrEqualTo(5_000);
        assertThat(size.applyAsLong(new Object[] {new byte[700], null})).isGreaterThanOrEqualTo(700);
        assertThat(size.applyAsLong(java.util.Collections.nCopies(1_000_000, "abc")))
                .isBetween(10_000_000L, 100_000_000L);
    }

    @Test
    void builder_outOfRange_isRefused() {
        assertThatThrownBy(() -> builder().maxJobs(0)).hasMessage("maxJobs 0 is below 1.");
        assertThatThrownBy(() -> builder().maxBytes(1)).hasMessage("maxBytes 1 is below 1024.");
        assertThatThrownBy(() -> builder().retention(Duration.ofHours(2), Duration.ofHours(1)))
                .hasMessageStartingWith("result retention PT2H is not within 0..PT1H");
    }
}
