package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobStoreException;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.CancelAnswer;
import dev.aside.offload.spi.WriteAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator can do, whatever the deployment. */
@Timeout(120)
abstract class RedisJobAdminContract {
    static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);
    static final JobType<String, String> REPORT = JobType.of("report", String.class, String.class);

    final String namespace = Namespaces.next();
    private final List<AutoCloseable> open = new ArrayList<>();
    OffloadExecutor producer;
    RedisJobAdmin admin;

    abstract String uri();

    abstract int shards();

    @BeforeEach
    void connect() {
        producer = node(4);
        admin = RedisJobAdmin.connect(uri(), namespace);
        open.add(0, admin);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable last : open) {
            last.close();
        }
    }

    RedisJobStore store() {
        RedisJobStore store = RedisJobStore.builder()
                .uri(uri())
                .namespace(namespace)
                .shards(shards())
                .commandTimeout(Duration.ofSeconds(5))
                .retention(Duration.ofMinutes(10), Duration.ofMinutes(20))
                .build();
        open.add(0, store);
        return store;
    }

    OffloadExecutor node(int workers) {
        OffloadExecutor node = OffloadExecutor.builder()
                .store(store())
                .codec(JacksonPayloadCodec.create())
                .defaults(type -> type.retry(1))
                .workers(workers)
                .drain(Duration.ofSeconds(1))
                .build();
        open.add(0, node);
        return node;
    }

    List<String> enqueue(JobType<String, String> type, int jobs) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            ids.add(producer.jobs().enqueue(type, "p" + i).id());
        }
        return ids;
    }

    private void fails(JobType<String, String> type) {
        producer.jobs().handle(type, (payload, ctx) -> {
            throw new IllegalStateException("no " + payload);
        });
    }

    private JobCounts.Numbers counts(String type) {
        return admin.counts().stream()
                .filter(row -> row.type().equals(type))
                .findFirst()
                .map(JobCounts::jobs)
                .orElse(new JobCounts.Numbers(0, 0, 0, 0, 0));
    }

    private static List<String> ids(List<JobRecord> jobs) {
        return jobs.stream().map(JobRecord::id).toList();
    }

    @Test
    void list_waitingAndDelayed_newestFirst_byType_upToTheLimit() {
        List<String> mails = enqueue(MAIL, 5);
        List<String> reports = enqueue(REPORT, 1);
        String later = producer.jobs()
                .enqueue(
                        MAIL,
                        "later",
                        EnqueueOptions.builder().delay(Duration.ofHours(1)).build())
                .id();
        assertThat(ids(admin.list(JobIndex.WAITING, 3))).containsExactly(reports.get(0), mails.get(4), mails.get(3));
        assertThat(ids(admin.list(JobIndex.WAITING, "mail", 2))).containsExactly(mails.get(4), mails.get(3));
        assertThat(ids(admin.list(JobIndex.DELAYED, 10))).containsExactly(later);
        assertThat(admin.list(JobIndex.DEAD, 10)).isEmpty();
        assertThat(admin.types()).containsExactly("mail", "report");
    }

    @Test
    void list_finished_byType_findsThemAmongOthers() {
        producer.jobs().handle(MAIL, (mail, ctx) -> "sent");
        producer.jobs().handle(REPORT, (report, ctx) -> "done");
        List<String> reports = enqueue(REPORT, 2);
        await().until(() -> counts("report").finished() == 2);
        enqueue(MAIL, 20);
        await().until(() -> counts("mail").finished() == 20);
        assertThat(ids(admin.list(JobIndex.FINISHED, "report", 5))).containsExactlyInAnyOrderElementsOf(reports);
        assertThat(admin.list(JobIndex.FINISHED, 7)).hasSize(7);
    }

    @Test
    void inspect_job_saysWhereItStands_andKeepsThePayloadBack() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        String waiting = enqueue(MAIL, 1).get(0);
        JobDetails before = admin.inspect(waiting).orElseThrow();
        assertThat(before.index()).isEqualTo(JobIndex.WAITING);
        assertThat(before.payloadBytes()).isEqualTo("\"p0\"".length());
        assertThat(before.left()).isNull();
        assertThat(new String(admin.payload(waiting).orElseThrow().bytes(), StandardCharsets.UTF_8))
                .isEqualTo("\"p0\"");
        producer.jobs().handle(MAIL, (mail, ctx) -> {
            go.await();
            return "sent";
        });
        await().until(() -> admin.inspect(waiting).orElseThrow().index() == JobIndex.RUNNING);
        assertThat(admin.inspect(waiting).orElseThrow().left())
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(30));
        assertThat(ids(admin.list(JobIndex.RUNNING, "mail", 5))).containsExactly(waiting);
        go.countDown();
        await().until(() -> admin.inspect(waiting).orElseThrow().index() == JobIndex.FINISHED);
        JobDetails after = admin.inspect(waiting).orElseThrow();
        assertThat(after.payloadBytes()).isEqualTo(-1);
        assertThat(after.resultBytes()).isEqualTo("\"sent\"".length());
        assertThat(after.left()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(20));
        assertThat(admin.payload(waiting)).isEmpty();
    }

    @Test
    void unknownJob_isNowhere() {
        for (String id : List.of("nonsense", "jb_01ARZ3NDEKTSV4RRFFQ69G5FAV00")) {
            assertThat(admin.inspect(id)).isEmpty();
            assertThat(admin.payload(id)).isEmpty();
            assertThat(admin.cancel(id, "")).isEqualTo(CancelAnswer.GONE);
            assertThat(admin.rerun(id)).isEqualTo(WriteAnswer.GONE);
        }
    }

    @Test
    void counts_everyState_byType() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        fails(MAIL);
        producer.jobs().handle(REPORT, (report, ctx) -> {
            begun.countDown();
            go.await();
            return "done";
        });
        enqueue(MAIL, 3);
        enqueue(REPORT, 1);
        begun.await();
        producer.call("closure", ctx -> {
            go.await();
            return "late";
        });
        await().until(() -> counts("mail").dead() == 3);
        assertThat(counts("mail")).isEqualTo(new JobCounts.Numbers(0, 0, 0, 3, 0));
        assertThat(counts("report")).isEqualTo(new JobCounts.Numbers(0, 0, 1, 0, 0));
        assertThat(counts("closure")).isEqualTo(new JobCounts.Numbers(0, 0, 1, 0, 0));
        go.countDown();
        await().until(() ->
                counts("closure").finished() == 1 && counts("report").finished() == 1);
    }

    @Test
    void cancel_waitingJob_isCancelledAtOnce_andKeptAsLongAsItsStoreSays() {
        String id = enqueue(MAIL, 1).get(0);
        assertThat(admin.cancel(id, "not wanted")).isEqualTo(CancelAnswer.CANCELLED);
        JobDetails details = admin.inspect(id).orElseThrow();
        assertThat(details.record().state()).isEqualTo(JobState.CANCELLED);
        assertThat(details.record().reason()).isEqualTo("not wanted");
        assertThat(details.left()).isBetween(Duration.ofMinutes(19), Duration.ofMinutes(20));
        assertThat(admin.cancel(id, "again")).isEqualTo(CancelAnswer.TERMINAL);
    }

    @Test
    void rerun_oneOrAll_putsDeadJobsBack() {
        fails(MAIL);
        List<String> ids = enqueue(MAIL, 4);
        await().until(() -> counts("mail").dead() == 4);
        admin.pause("mail");
        assertThat(admin.rerun(ids.get(0))).isEqualTo(WriteAnswer.OK);
        assertThat(admin.rerun(ids.get(0))).as("sent twice").isEqualTo(WriteAnswer.ALREADY);
        assertThat(admin.rerunAll("mail")).isEqualTo(3);
        assertThat(counts("mail")).isEqualTo(new JobCounts.Numbers(4, 0, 0, 0, 0));
        assertThat(admin.rerunAll("report")).isZero();
    }

    @Test
    void purge_deadOrFinished_ofThatAgeAndType_andNoOthers() {
        fails(MAIL);
        producer.jobs().handle(REPORT, (report, ctx) -> "done");
        List<String> mails = enqueue(MAIL, 3);
        List<String> reports = enqueue(REPORT, 3);
        await().until(() -> counts("mail").dead() == 3 && counts("report").finished() == 3);
        admin.pause("mail");
        String waiting = enqueue(MAIL, 1).get(0);
        assertThat(admin.purge(JobIndex.DEAD, Duration.ofMinutes(5))).isZero();
        assertThat(admin.purge(JobIndex.DEAD, "report", Duration.ZERO)).isZero();
        assertThat(admin.purge(JobIndex.FINISHED, "mail", Duration.ZERO)).isZero();
        assertThat(admin.purge(JobIndex.DEAD, "mail", Duration.ZERO)).isEqualTo(3);
        assertThat(admin.purge(JobIndex.FINISHED, Duration.ZERO)).isEqualTo(3);
        assertThat(mails).allSatisfy(id -> assertThat(admin.inspect(id)).isEmpty());
        assertThat(reports).allSatisfy(id -> assertThat(admin.inspect(id)).isEmpty());
        assertThat(counts("mail")).isEqualTo(new JobCounts.Numbers(1, 0, 0, 0, 0));
        assertThat(admin.inspect(waiting)).isPresent();
    }

    @Test
    void purge_unfinishedOnes_isRefused() {
        for (JobIndex index : List.of(JobIndex.WAITING, JobIndex.DELAYED, JobIndex.RUNNING)) {
            assertThatThrownBy(() -> admin.purge(index, Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(index.name());
        }
    }

    @Test
    void purge_keyedJob_freesItsKey() {
        fails(MAIL);
        EnqueueOptions keyed =
                EnqueueOptions.builder().idempotencyKey("order-7", "f").build();
        String first = producer.jobs().enqueue(MAIL, "p", keyed).id();
        await().until(() -> counts("mail").dead() == 1);
        assertThat(producer.jobs().enqueue(MAIL, "p", keyed).id()).isEqualTo(first);
        assertThat(admin.purge(JobIndex.DEAD, "mail", Duration.ZERO)).isEqualTo(1);
        assertThat(producer.jobs().enqueue(MAIL, "p", keyed).id()).isNotEqualTo(first);
    }

    @Test
    void paused_nothingStarts_andResumeWakesAnIdleWorkerAtOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        node(2).jobs().handle(MAIL, (mail, ctx) -> "run " + runs.incrementAndGet());
        assertThat(producer.jobs().enqueue(MAIL, "first").await(Duration.ofSeconds(20)))
                .isTrue();
        long fastest = Long.MAX_VALUE;
        for (int round = 1; round <= 4; round++) {
            admin.pause("mail");
            JobHandle<String> job = producer.jobs().enqueue(MAIL, "held");
            // longer than any tick, and than a worker waits before it claims without being told
            int before = runs.get();
            await().during(Duration.ofMillis(round == 1 ? 6_000 : 300))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> runs.get() == before);
            assertThat(job.status().state()).isEqualTo(JobState.QUEUED);
            assertThat(admin.counts()).filteredOn(JobCounts::paused).hasSize(1);
            long resumed = System.nanoTime();
            admin.resume("mail");
            assertThat(job.await(Duration.ofSeconds(20))).isTrue();
            fastest = Math.min(fastest, System.nanoTime() - resumed);
        }
        assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(500));
    }

    @Test
    void capped_overTwoExecutors_isNeverExceeded_andTakenAwayLetsMoreStart() {
        int cap = shards() + 1;
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        CountDownLatch uncapped = new CountDownLatch(1);
        admin.cap("mail", cap);
        for (OffloadExecutor node : List.of(node(16), node(16))) {
            node.jobs().handle(MAIL, (mail, ctx) -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                uncapped.await(20, TimeUnit.MILLISECONDS);
                now.decrementAndGet();
                done.incrementAndGet();
                return "sent";
            });
        }
        enqueue(MAIL, 120);
        await().atMost(Duration.ofSeconds(60)).until(() -> done.get() >= 60);
        assertThat(most.get()).isPositive().isLessThanOrEqualTo(cap);
        assertThat(admin.counts()).extracting(JobCounts::cap).containsExactly(cap);
        admin.uncap("mail");
        uncapped.countDown();
        await().atMost(Duration.ofSeconds(60)).until(() -> done.get() == 120);
        assertThat(admin.counts()).extracting(JobCounts::cap).containsExactly(0);
    }

    @Test
    void cap_belowTheShards_isRefused() {
        assertThatThrownBy(() -> admin.cap("mail", shards() - 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("below the " + shards())
                .hasMessageContaining("Hint: ");
        assertThat(admin.counts()).isEmpty();
    }

    @Test
    void connect_otherNamespace_isRefused_andLaysNothingOut() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> RedisJobAdmin.connect(uri(), namespace + "-typo"))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining(namespace + "-typo");
        }
    }

    @Test
    void connected_closedTwice_isClosed() {
        RedisJobAdmin other = RedisJobAdmin.connect(uri(), namespace);
        other.close();
        other.close();
        assertThatThrownBy(other::counts).isInstanceOf(JobStoreException.class);
    }

    @Test
    void adminOfAStore_closed_leavesTheStoreOpen() {
        RedisJobStore store = store();
        RedisJobAdmin own = store.admin();
        own.close();
        assertThat(own.counts()).isEmpty();
        assertThat(store.admin().audit()).isZero();
    }
}
