package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.Submission;
import dev.aside.offload.spi.TimeSource;
import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.FaultProxy.Direction;
import dev.aside.testkit.RedisServer;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections whose answers do not come, or are always the same refusal: none is left open, none waits for ever. */
@Timeout(60)
class ConnectionsIT {
    private static final Duration COMMAND = Duration.ofSeconds(1);

    private final RedisServer redis = RedisServer.start();
    private final FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());
    private final String uri = proxy.through(redis.uri());
    private final TimeSource time = TimeSource.system();

    @AfterEach
    void close() {
        time.close();
        proxy.close();
        redis.close();
    }

    /** Those that Redis has, but for the test's own. */
    private long clients() {
        return redis.command("CLIENT", "LIST").text().lines().count() - 1;
    }

    private long named() {
        return redis.commandCalls().getOrDefault("client|id", 0L);
    }

    private RedisJobOptions options() {
        return new RedisJobOptions(
                Address.of(uri),
                new Layout("aside", 1),
                new RedisJobOptions.Times(COMMAND, COMMAND, COMMAND, COMMAND, COMMAND),
                new RedisJobOptions.Limits(1, 1, 1, 1, 1),
                new RedisJobOptions.Durability(Set.of(), 1, COMMAND),
                true,
                time);
    }

    @Test
    void subscriptionIsNotAnswered_itsConnectionIsClosed() {
        proxy.sending("SUBSCRIBE").blackHole(Direction.TO_CLIENT);
        try (Deployment deployment = Deployment.at(Address.of(uri), COMMAND, COMMAND)) {
            assertThat(new SignalHub(deployment, options()).connect())
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class);
            assertThat(redis.commandCalls()).containsKey("subscribe");
            await().atMost(Duration.ofSeconds(2)).until(() -> clients() == 0);
        }
    }

    @Test
    void readerIsNotAnswered_itsConnectionsAreClosed() {
        proxy.sending("CLIENT\r\n$2\r\nID").blackHole(Direction.TO_CLIENT);
        try (Deployment deployment = Deployment.at(Address.of(uri), COMMAND, COMMAND)) {
            TicketReader reader = new TicketReader(0, "off:{aside#00}:", new Connecting(deployment), time);
            reader.wants("n", Map.of("mail", 1));
            await().atMost(Duration.ofSeconds(20)).until(() -> named() == 4);
            assertThat(clients()).isLessThan(3);
            reader.close();
        }
    }

    private record Connecting(Deployment deployment) implements TicketReader.Host {
        @Override
        public CompletionStage<StatefulRedisConnection<String, byte[]>> connect(String key) {
            return deployment.primaryOf(key);
        }

        @Override
        public void unblock(String key, long clientId) {}

        @Override
        public void ready(String type) {}

        @Override
        public void pass(int shard, String type, List<String> tickets) {}
    }

    @Test
    void waitForReplicasIsNotAnswered_theEnqueueFailsInItsTime() {
        try (RedisJobStore store = RedisJobStore.builder()
                .uri(uri)
                .replicated(Set.of("mail"), 1, Duration.ofMillis(100))
                .build()) {
            proxy.sending("WAIT").blackHole(Direction.TO_CLIENT);
            JobRecord job = JobRecord.builder(JobId.next(Instant.EPOCH, 0), "mail")
                    .kind(JobKind.NAMED)
                    .build();
            Payload payload = Payload.of(new byte[] {1}, "text/plain");
            assertThat(store.submit(new Submission(job, payload, Duration.ZERO, 0, null)))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class);
        }
    }

    @Test
    void groupIsMissing_andCannotBeMade_isTriedNowAndThen() {
        try (RedisJobStore store = RedisJobStore.connect(uri);
                OffloadExecutor node = OffloadExecutor.builder()
                        .store(store)
                        .codec(JacksonPayloadCodec.create())
                        .build()) {
            redis.command("CONFIG", "SET", "maxmemory", "1"); // makes no keys any more
            node.jobs().handle(JobType.of("mail", String.class, String.class), (mail, ctx) -> mail);
            await().until(() -> reads() > 0);
            long before = reads();
            await().pollDelay(1, TimeUnit.SECONDS).until(() -> true);
            assertThat(reads() - before).isLessThan(20);
        }
    }

    private long reads() {
        return redis.commandCalls().getOrDefault("xreadgroup", 0L);
    }
}
