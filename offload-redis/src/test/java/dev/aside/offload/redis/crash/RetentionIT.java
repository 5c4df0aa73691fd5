package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.redis.JacksonPayloadCodec;
import dev.aside.offload.redis.RedisJobStore;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * When all jobs have ended and their times are over, Redis holds per shard: the counters, the names of the types, and per
 * type a stream of at most 100 tickets; and one key for each idempotency key until its own time is over.
 */
@Timeout(60)
class RetentionIT {
    private static final int JOBS = 300;
    private static final int KEYED = 10;
    private static final int FAILING = 10;
    private static final long BYTES_OF_A_SHARD = 6 << 10;

    private final RedisServer redis = RedisServer.shared();
    private final NodeOptions options = NodeOptions.of(redis.uri(), Arena.namespace());

    @Test
    void jobsAreOver_andTheirTimes_onlyTheFrameIsLeft() {
        try (RedisJobStore store = Node.store(options)
                        .retention(Duration.ofMillis(500), Duration.ofSeconds(1))
                        .deadRetention(Duration.ofSeconds(1))
                        .build();
                OffloadExecutor executor = OffloadExecutor.builder()
                        .store(store)
                        .codec(JacksonPayloadCodec.create())
                        .workers(8)
                        .build()) {
            executor.jobs().handle(Work.TYPE, (work, context) -> {
                if (work.mode() == Work.Mode.FAIL) {
                    throw new IllegalStateException("asked to fail");
                }
                return "done";
            });
            List<String> jobs = enqueue(executor);
            Ends.await(store, jobs, Duration.ofSeconds(30));
            Awaitility.await("the frame to be all that is left")
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> keys().stream().allMatch(key -> key.startsWith("u:") || isFrame(key)));
            long bytes = bytes();
            System.out.println("crash: after " + jobs.size() + " jobs there are " + keys().size() + " keys, " + KEYED
                    + " of them idempotency keys; the others take " + bytes + " bytes");
            assertThat(keys()).filteredOn(key -> key.startsWith("u:")).hasSize(KEYED);
            assertThat(bytes).isLessThan(BYTES_OF_A_SHARD);
            assertThat(redis.command("HGET", prefix() + "meta", "bytes").text()).isEqualTo("0");
        }
    }

    private static List<String> enqueue(OffloadExecutor executor) {
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            Work work = i < FAILING ? Work.of(Work.Mode.FAIL) : Work.sized(100);
            EnqueueOptions.Builder how = EnqueueOptions.builder();
            if (i % (JOBS / KEYED) == 0) {
                how.idempotencyKey("key-" + i, "f");
            }
            if (i % 7 == 0) {
                how.delay(Duration.ofMillis(200));
            }
            jobs.add(executor.jobs().enqueue(Work.TYPE, work, how.build()).id());
        }
        return jobs;
    }

    private static boolean isFrame(String key) {
        return key.equals("meta") || key.equals("types") || key.equals("tkt:" + Work.TYPE.name());
    }

    private List<String> keys() {
        return RedisKeys.of(redis, options.namespace());
    }

    private String prefix() {
        return "off:{" + options.namespace() + "#00}:";
    }

    private long bytes() {
        return keys().stream()
                .filter(RetentionIT::isFrame)
                .mapToLong(key -> redis.command("MEMORY", "USAGE", prefix() + key, "SAMPLES", "0")
                        .number())
                .sum();
    }
}
