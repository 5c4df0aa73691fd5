package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Redis is away for longer than a lease and comes back with its data. */
class ReturnIT {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);
    private static final int JOBS = 20;

    private final AtomicInteger starts = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(JOBS);
    private final CountDownLatch go = new CountDownLatch(1);

    private OffloadExecutor node(RedisJobStore store) {
        OffloadExecutor node = OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .drain(Duration.ofSeconds(2))
                .build();
        node.jobs().handle(MAIL, (mail, ctx) -> {
            starts.incrementAndGet();
            begun.countDown();
            go.await();
            return mail;
        });
        return node;
    }

    @Test
    void redisAwayLongerThanALease_runningJobsAreNotTaken() throws Exception {
        Duration lease = Duration.ofSeconds(3);
        try (RedisServer redis = RedisServer.builder().config("appendonly yes").start();
                RedisJobStore one =
                        RedisJobStore.builder().uri(redis.uri()).lease(lease).build();
                RedisJobStore other =
                        RedisJobStore.builder().uri(redis.uri()).lease(lease).build();
                OffloadExecutor a = node(one);
                OffloadExecutor b = node(other)) {
            List<JobHandle<String>> jobs = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                jobs.add((i % 2 == 0 ? a : b).jobs().enqueue(MAIL, "m" + i));
            }
            begun.await();
            redis.stop();
            Awaitility.await()
                    .pollDelay(lease.plusSeconds(1))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> true);
            redis.restart();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .pollDelay(lease)
                    .until(() -> jobs.get(0).status().record().version() > 0);
            go.countDown();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(jobs)
                            .allSatisfy(
                                    job -> assertThat(job.status().isFinished()).isTrue()));
            assertThat(starts.get()).isEqualTo(JOBS);
            assertThat(jobs)
                    .allSatisfy(
                            job -> assertThat(job.status().record().crashes()).isZero());
        }
    }
}
