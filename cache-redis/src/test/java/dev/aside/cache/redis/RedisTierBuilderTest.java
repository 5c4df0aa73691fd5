package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.redis.RedisTimesException.TooShort;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything is connected. */
class RedisTierBuilderTest {
    /** A port nobody listens on. */
    private static final String NOBODY = "redis://127.0.0.1:1";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:6379",
                "http://localhost",
                "redis://",
                "redis://user:geheim@ho st",
                "redis://user:geheim/x@ho st",
                "redis://user:x@geheim@ho st",
                "",
                "redis://h:x"
            })
    void uri_malformed_isRefusedWithItsForm(String uri) {
        assertThatThrownBy(() -> RedisTier.connect(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is malformed; its form is redis://[user:password@]host[:port][/database]")
                .hasMessageNotContaining("geheim")
                .hasNoCause();
    }

    @Test
    void uri_sentinel_isNotSupportedYet() {
        assertThatThrownBy(() -> RedisTier.connect("redis-sentinel://host#master"))
                .hasMessageContaining("Sentinel, which is not supported yet");
    }

    @Test
    void build_withoutUri_isRefused() {
        assertThatThrownBy(() -> RedisTier.builder().build()).hasMessageContaining("needs a URI");
    }

    @Test
    void build_boundBelowItsFloor_isRefused() {
        assertThatThrownBy(() -> RedisTier.builder()
                        .uri(NOBODY)
                        .staleBound(Duration.ofMillis(350))
                        .build())
                .isInstanceOfSatisfying(
                        RedisTimesException.class, e -> assertThat(e.tooShort()).isEqualTo(TooShort.STALE_BOUND))
                .hasMessageContaining("350 ms is not above the heartbeat of 100 ms and the command timeout of 250 ms");
    }

    @Test
    void build_leaseLimitBelowLease_isRefused() {
        assertThatThrownBy(() -> RedisTier.builder()
                        .uri(NOBODY)
                        .leaseLimit(Duration.ofMillis(10))
                        .build())
                .isInstanceOfSatisfying(
                        RedisTimesException.class, e -> assertThat(e.tooShort()).isEqualTo(TooShort.LEASE_LIMIT))
                .hasMessageContaining("the lease limit of 10 ms is below the lease of 3000 ms");
    }

    @Test
    void build_writeGuardBelowTheCommandTimeout_isRefused() {
        assertThatThrownBy(() -> RedisTier.builder()
                        .uri(NOBODY)
                        .writeGuard(Duration.ofMillis(250))
                        .build())
                .isInstanceOfSatisfying(
                        RedisTimesException.class, e -> assertThat(e.tooShort()).isEqualTo(TooShort.WRITE_GUARD))
                .hasMessage("the write guard of 250 ms is not above the command timeout of 250 ms: an announced write"
                        + " could lose its guard before it has begun");
    }

    @Test
    void setters_nonsense_isRefusedOnTheSpot() {
        RedisTierBuilder builder = RedisTier.builder();

        assertThatThrownBy(() -> builder.namespace("a{b}")).hasMessageContaining("'a{b}'");
        assertThatThrownBy(() -> builder.shards(3)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> builder.commandTimeout(Duration.ZERO)).hasMessageContaining("at least 1 ms");
        assertThatThrownBy(() -> builder.writeGuard(Duration.ZERO))
                .hasMessageContaining("the write guard is at least 1 ms");
        assertThatThrownBy(() -> builder.maxValueBytes(-1)).hasMessageContaining("cannot be negative");
    }

    @Test
    void build_failFastWithoutRedis_throwsAndSaysWhereAndWhat() {
        assertThatThrownBy(() -> RedisTier.builder()
                        .uri(NOBODY)
                        .namespace("failfast")
                        .startup(RedisTier.Startup.FAIL_FAST)
                        .build())
                .isInstanceOfSatisfying(
                        RedisStartException.Unreachable.class,
                        e -> assertThat(e.problem())
                                .isEqualTo("Redis at 127.0.0.1:1 cannot be used: Connection refused"))
                .hasMessageContaining("RedisTier.Startup.DEGRADED");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().contains("log-failfast"));
    }
}
