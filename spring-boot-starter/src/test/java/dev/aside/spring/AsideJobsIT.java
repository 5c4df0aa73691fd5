package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.spring.OperationsShop.Reply;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators see of jobs and may do to them. */
@Timeout(120)
class AsideJobsIT {
    private static final String WRITES = "management.endpoint.aside.access=unrestricted";

    private static JobHandle<Integer> running(OffloadExecutor offload, CountDownLatch gate)
            throws InterruptedException {
        return offload.call("slow", context -> {
                    context.onCancel(gate::countDown);
                    gate.await();
                    context.throwIfCancelled();
                    return 1;
                })
                .fold(done -> null, promoted -> promoted);
    }

    @Test
    void jobs_inEveryView_areTold() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (OperationsShop shop = OperationsShop.start("aside.offload.threshold=0s", WRITES)) {
            OffloadExecutor offload = shop.bean(OffloadExecutor.class);
            JobHandle<Integer> job = running(offload, gate);
            await().until(() -> offload.load().running() == 1);
            assertThat(shop.metric("aside.offload.running")).isEqualTo(1);
            assertThat(shop.metric("aside.offload.answers", "type:slow", "mode:direct"))
                    .isEqualTo(1);
            Reply health = shop.get("/actuator/health");
            assertThat(health.text("/components/asideOffload/status")).isEqualTo("UP");
            assertThat(health.text("/components/asideOffload/details/running")).isEqualTo("1");
            Reply overview = shop.get("/actuator/aside");
            assertThat(overview.text("/jobs/load/running")).isEqualTo("1");
            assertThat(overview.text("/jobs/store")).isEqualTo("memory of this process");
            assertThat(overview.text("/jobs/answered/direct")).isEqualTo("1");
            Reply one = shop.get("/actuator/aside/jobs/" + job.id());
            assertThat(one.status()).isEqualTo(200);
            assertThat(one.text("/state")).isEqualTo("RUNNING");
            assertThat(one.text("/type")).isEqualTo("slow");
            assertThat(shop.get("/actuator/aside/jobs/none").status()).isEqualTo(404);
            assertThat(shop.get("/actuator/aside/cats/none").status()).isEqualTo(404);
            assertThat(shop.delete("/actuator/aside/jobs/" + job.id()).status()).isIn(200, 202);
            assertThat(job.await(Duration.ofSeconds(20))).isTrue();
            await().untilAsserted(() -> assertThat(shop.get("/actuator/aside").text("/jobs/ended/cancelled"))
                    .isEqualTo("1"));
            assertThat(shop.metric("aside.offload.jobs", "type:slow", "state:cancelled"))
                    .isEqualTo(1);
        }
    }

    @Test
    void rerun_ofAFailedJob_runsItAgain() {
        try (OperationsShop shop = OperationsShop.start(WRITES)) {
            OffloadExecutor offload = shop.bean(OffloadExecutor.class);
            JobType<String, String> type = JobType.of("mail", String.class, String.class);
            AtomicInteger calls = new AtomicInteger();
            offload.jobs().handle(type, (payload, context) -> {
                if (calls.incrementAndGet() == 1) {
                    throw new IllegalStateException("no mail server");
                }
                return payload;
            });
            String id = offload.jobs().enqueue(type, "a").id();
            await().until(() ->
                    shop.get("/actuator/aside/jobs/" + id).text("/state").equals("FAILED"));
            assertThat(shop.get("/actuator/aside/jobs/" + id).text("/error")).contains("no mail server");
            Reply again = shop.post("/actuator/aside/jobs/" + id, "{}");
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.text("/outcome")).isEqualTo("queued");
            await().until(() ->
                    shop.get("/actuator/aside/jobs/" + id).text("/state").equals("SUCCEEDED"));
            assertThat(shop.post("/actuator/aside/jobs/" + id, "{}").status()).isEqualTo(404);
        }
    }

    @Test
    void purge_ofFailedJobs_deletesThemAndNothingElse() {
        try (OperationsShop shop = OperationsShop.start(WRITES)) {
            purged(shop);
        }
    }

    @Test
    void purge_ofFailedJobsInRedis_deletesThemAndNothingElse() {
        try (OperationsShop shop = OperationsShop.start(
                WRITES,
                "aside.offload.redis.uri=" + RedisServer.shared().uri(),
                "aside.offload.redis.namespace=purged")) {
            assertThat(shop.get("/actuator/aside").text("/jobs/store")).isEqualTo("RedisJobStore");
            purged(shop);
        }
    }

    private static void purged(OperationsShop shop) {
        OffloadExecutor offload = shop.bean(OffloadExecutor.class);
        JobType<String, String> type = JobType.of("mail", String.class, String.class);
        offload.jobs().handle(type, (payload, context) -> {
            if (payload.equals("bad")) {
                throw new IllegalStateException("no mail server");
            }
            return payload;
        });
        String failed =
                "/actuator/aside/jobs/" + offload.jobs().enqueue(type, "bad").id();
        String good =
                "/actuator/aside/jobs/" + offload.jobs().enqueue(type, "good").id();
        await().until(() -> shop.get(failed).text("/state").equals("FAILED"));
        await().until(() -> shop.get(good).text("/state").equals("SUCCEEDED"));
        String purge = "/actuator/aside/jobs/state/failed";
        assertThat(shop.delete(purge + "?olderThan=1h&all=true").text("/purged"))
                .isEqualTo("0");
        assertThat(shop.delete(purge + "?olderThan=0s&type=fax").text("/purged"))
                .isEqualTo("0");
        Reply done = shop.delete(purge + "?olderThan=0s&type=mail");
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.text("/state")).isEqualTo("FAILED");
        assertThat(done.text("/purged")).isEqualTo("1");
        assertThat(shop.get(failed).status()).isEqualTo(404);
        assertThat(shop.get(good).status()).isEqualTo(200);
    }

    @Test
    void purge_thatSaysTooLittle_isRefused() {
        try (OperationsShop shop = OperationsShop.start(WRITES)) {
            String purge = "/actuator/aside/jobs/state/";
            for (String unclear : List.of(
                    "failed?all=true",
                    "failed?olderThan=0s",
                    "failed?olderThan=0s&typ=mail",
                    "failed?olderThan=0s&type=mail&all=true",
                    "failed?olderThan=soon&all=true")) {
                assertThat(shop.delete(purge + unclear).status()).as(unclear).isEqualTo(400);
            }
            Reply unfinished = shop.delete(purge + "running?olderThan=0s&all=true");
            assertThat(unfinished.status()).isEqualTo(404);
            assertThat(unfinished.text("/error")).contains("SUCCEEDED, FAILED, CANCELLED, EXPIRED, LOST");
        }
    }

    @Test
    void writes_byDefault_areRefused() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (OperationsShop shop = OperationsShop.start("aside.offload.threshold=0s")) {
            JobHandle<Integer> job = running(shop.bean(OffloadExecutor.class), gate);
            assertThat(shop.delete("/actuator/aside/jobs/" + job.id()).status()).isEqualTo(405);
            assertThat(shop.post("/actuator/aside/jobs/" + job.id(), "{}").status())
                    .isEqualTo(405);
            assertThat(shop.delete("/actuator/aside/jobs/state/failed?olderThan=0s&all=true")
                            .status())
                    .isEqualTo(404); // nothing else has such an address
            assertThat(shop.get("/actuator/aside/jobs/" + job.id()).text("/cancelRequested"))
                    .isEqualTo("false");
            gate.countDown();
        }
    }

    @Test
    void close_withUnfinishedWork_letsItEnd() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        OperationsShop shop = OperationsShop.start("aside.offload.threshold=0s", "aside.offload.drain=20s");
        OffloadExecutor offload = shop.bean(OffloadExecutor.class);
        offload.call("slow", context -> {
            gate.await();
            return done.incrementAndGet();
        });
        Thread closing = new Thread(shop::close, "closing");
        closing.start();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("aside-offload-drain")));
        gate.countDown();
        await().atMost(Duration.ofSeconds(20)).until(() -> !closing.isAlive());
        assertThat(done).hasValue(1);
    }
}
