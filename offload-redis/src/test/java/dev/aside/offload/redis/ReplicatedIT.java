package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobStoreException;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobState;
import dev.aside.testkit.RedisSentinel;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplicatedIT {
    private static final JobType<String, String> PAY = JobType.of("pay", String.class, String.class);
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);

    @Test
    void enqueue_ofAReplicatedType_needsTheReplica_andMayBeRepeatedWithItsKey() throws Exception {
        try (RedisSentinel redis = RedisSentinel.start();
                RedisJobStore store = RedisJobStore.builder()
                        .uri(redis.uri())
                        .replicated(Set.of("pay"), 1, Duration.ofSeconds(1))
                        .commandTimeout(Duration.ofSeconds(5))
                        .build();
                OffloadExecutor node = OffloadExecutor.builder()
                        .store(store)
                        .codec(JacksonPayloadCodec.create())
                        .build()) {
            redis.awaitWatched();
            redis.primary().awaitReplicated(1);
            assertThat(node.jobs().enqueue(PAY, "one").status().state()).isEqualTo(JobState.QUEUED);

            EnqueueOptions keyed =
                    EnqueueOptions.builder().idempotencyKey("order-2", "f").build();
            redis.replica().pause();
            try {
                assertThatThrownBy(() -> node.jobs().enqueue(PAY, "two", keyed))
                        .isInstanceOf(JobStoreException.class)
                        .hasMessage(
                                "the job is stored, but only 0 of 1 replicas have it within 1000 ms. Hint: ask again"
                                        + " with the same idempotency key.");
                assertThat(node.jobs().enqueue(MAIL, "at once").status().state())
                        .as("types that are not replicated do not wait")
                        .isEqualTo(JobState.QUEUED);
            } finally {
                redis.replica().resume();
            }
            redis.primary().awaitReplicated(1);
            JobHandle<String> two = node.jobs().enqueue(PAY, "two", keyed);
            JobHandle<String> again = node.jobs().enqueue(PAY, "two", keyed);
            assertThat(again.id()).isEqualTo(two.id());
            assertThat(two.status().state()).isEqualTo(JobState.QUEUED);
        }
    }
}
