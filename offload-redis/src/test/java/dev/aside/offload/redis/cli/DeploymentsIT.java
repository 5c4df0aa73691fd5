package dev.aside.offload.redis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobState;
import dev.aside.offload.redis.ClusterUri;
import dev.aside.offload.redis.JacksonPayloadCodec;
import dev.aside.offload.redis.JobIndex;
import dev.aside.offload.redis.RedisJobAdmin;
import dev.aside.offload.redis.RedisJobStore;
import dev.aside.testkit.RedisCluster;
import dev.aside.testkit.RedisSentinel;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The operator's tools where Sentinel, or a cluster, says who has the jobs. */
@Timeout(120)
class DeploymentsIT {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);

    private static List<String> enqueue(String uri, int shards, int jobs) {
        try (RedisJobStore store =
                        RedisJobStore.builder().uri(uri).shards(shards).build();
                OffloadExecutor producer = OffloadExecutor.builder()
                        .store(store)
                        .codec(JacksonPayloadCodec.create())
                        .build()) {
            return IntStream.range(0, jobs)
                    .mapToObj(i -> producer.jobs().enqueue(MAIL, "ann").id())
                    .toList();
        }
    }

    private static String printed(String uri, String... args) {
        Terminal.Printed printed = new Terminal(uri).run(args);
        assertThat(printed.code()).as(printed.err()).isZero();
        return printed.out();
    }

    @Test
    void sentinel_adminAndCommandLine_followThePrimary() {
        try (RedisSentinel sentinel = RedisSentinel.start()) {
            String id = enqueue(sentinel.uri(), 1, 1).get(0);
            try (RedisJobAdmin admin = RedisJobAdmin.connect(sentinel.uri(), "aside")) {
                assertThat(admin.list(JobIndex.WAITING, 5)).hasSize(1);
                sentinel.primary().awaitReplicated(1);
                sentinel.failover();
                await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
                    admin.pause("mail"); // is a write
                    assertThat(admin.inspect(id)).isPresent();
                });
            }
            assertThat(printed(sentinel.uri(), "jobs", "list", "--state", "waiting"))
                    .contains(id);
            assertThat(printed(sentinel.uri(), "jobs", "cancel", id)).contains(id);
            assertThat(printed(sentinel.uri(), "jobs", "show", id)).contains(JobState.CANCELLED.name());
        }
    }

    @Test
    void cluster_commandLine_findsTheJobsOfAllNodes() {
        try (RedisCluster cluster = RedisCluster.start()) {
            String uri = ClusterUri.of(cluster);
            List<String> ids = enqueue(uri, 4, 20);
            assertThat(printed(uri, "jobs", "list", "--state", "waiting")).contains(ids);
            assertThat(printed(uri, "jobs", "counts")).containsPattern("mail +20 ");
        }
    }
}
