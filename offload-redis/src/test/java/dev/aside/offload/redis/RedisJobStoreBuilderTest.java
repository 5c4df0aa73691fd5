package dev.aside.offload.redis;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.JobStoreException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RedisJobStoreBuilderTest {
    static Stream<Arguments> wrong() {
        return Stream.of(
                row(b -> b.namespace("a b"), "the namespace 'a b' is not 1 to 64 letters, digits and any of . _ : -"),
                row(b -> b.shards(3), "the number of shards is a power of two up to 64, but it is 3"),
                row(b -> b.shards(128), "the number of shards is a power of two up to 64, but it is 128"),
                row(b -> b.commandTimeout(ZERO), "the command timeout is at least 1 ms, but it is PT0S"),
                row(
                        b -> b.lease(ofMillis(999)),
                        "the lease is at least 1 s, but it is PT0.999S. Hint: shorter than a pause of the garbage"
                                + " collector means work done twice."),
                row(b -> b.maxCrashes(-1), "the number of crashes cannot be negative, but it is -1"),
                row(
                        b -> b.retention(ofHours(2), ofHours(1)),
                        "the retention of results, PT2H, is longer than that of records, PT1H. Hint: a result cannot"
                                + " outlive the record of its job."),
                row(b -> b.deadRetention(ZERO), "the retention of dead jobs is at least 1 ms, but it is PT0S"),
                row(b -> b.retained(0), "the number of finished jobs is at least 1, but it is 0"),
                row(
                        b -> b.maxPayloadBytes(300_000),
                        "a payload of 300000 bytes is above 262144. Hint: store it elsewhere and enqueue its address."),
                row(b -> b.maxResultBytes(0), "the result limit is at least 1, but it is 0"),
                row(b -> b.maxBacklogBytes(0), "the backlog limit is at least 1 byte, but it is 0"),
                row(
                        b -> b.replicated(Set.of("mail"), 0, ofMinutes(1)),
                        "the number of replicas is at least 1, but it is 0"),
                row(
                        b -> b.uri("redis://"),
                        "the Redis URI 'redis://' is malformed. Hint: its form is " + Address.FORMS + "."),
                row(
                        RedisJobStoreBuilder::build,
                        "a job store on Redis needs a URI: RedisJobStore.builder().uri(\"" + Address.FORMS + "\")"));
    }

    private static Arguments row(Consumer<RedisJobStoreBuilder> change, String message) {
        return Arguments.of(change, message);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void option_wrong_isRefusedOnTheSpot(Consumer<RedisJobStoreBuilder> change, String message) {
        assertThatThrownBy(() -> change.accept(RedisJobStore.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void build_nobodyThere_saysWhere() {
        assertThatThrownBy(() -> RedisJobStore.connect("redis://localhost:1"))
                .isInstanceOf(JobStoreException.class)
                .hasMessage("the job store cannot reach Redis, localhost:1. Hint: is the URI right?");
    }
}
