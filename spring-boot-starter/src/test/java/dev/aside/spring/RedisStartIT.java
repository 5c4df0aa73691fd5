package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.redis.RedisTier;
import dev.aside.testkit.RedisServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Starts that fail because of the Redis that is there, or is not, and the customizers of the tier. */
class RedisStartIT {

    @Test
    void failFast_withoutRedis_isExplained() throws IOException {
        int port = unusedPort();
        String yaml = """
                aside:
                  redis:
                    uri: redis://user:s3cret@127.0.0.1:%d
                    startup: fail-fast
                """.formatted(port);
        assertThat(FailedStart.report(FailedStart.withYaml(FailedStart.BOOT, yaml)))
                .isEqualTo("""
                Description:

                Redis at 127.0.0.1:%1$d cannot be used: Connection refused

                    Property: aside.redis.uri
                    Value: not shown, it may hold a password
                    Origin: application.yaml - 3:10

                    Property: aside.redis.startup
                    Value: "fail-fast"
                    Origin: application.yaml - 4:14

                Action:

                Start Redis there, or correct the place, or set aside.redis.startup to degraded to go without it until \
                it is there.
                """.formatted(port));
    }

    @Test
    void failFast_withoutTheRedisOfSpringData_namesItsProperties() throws IOException {
        int port = unusedPort();
        String yaml = """
                spring.data.redis:
                  host: 127.0.0.1
                  port: %d
                  password: s3cret
                aside.redis.startup: fail-fast
                """.formatted(port);
        assertThat(FailedStart.report(FailedStart.withYaml(FailedStart.BOOT, yaml)))
                .contains(
                        "Property: spring.data.redis.host\n    Value: \"127.0.0.1\"\n    Origin: application.yaml - 2:9")
                .contains("Property: spring.data.redis.port\n    Value: \"" + port + "\"")
                .doesNotContain("s3cret");
    }

    @Test
    void wrongPassword_failFast_isExplainedWithoutIt() {
        try (RedisServer server = RedisServer.builder().password("right").start()) {
            String yaml = "aside.redis:\n  uri: redis://:s3cret@%s:%d\n  startup: fail-fast\n"
                    .formatted(server.host(), server.port());
            assertThat(FailedStart.report(FailedStart.withYaml(FailedStart.BOOT, yaml)))
                    .contains("cannot be used: WRONGPASS")
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void otherNumberOfShards_isExplained() {
        try (RedisTier two = RedisTier.builder()
                .uri(RedisServer.shared().uri())
                .namespace("two-shards")
                .shards(2)
                .build()) {
            assertThat(two.stats().health().connected()).isTrue();
            String yaml = """
                    aside:
                      redis:
                        uri: %s
                        namespace: two-shards
                    """.formatted(RedisServer.shared().uri());
            assertThat(FailedStart.report(FailedStart.withYaml(FailedStart.BOOT, yaml)))
                    .isEqualTo("""
                    Description:

                    the namespace 'two-shards' is laid out in 2 shards, but this node is configured for 1

                        Property: aside.redis.namespace
                        Value: "two-shards"
                        Origin: application.yaml - 4:16

                    Action:

                    Set aside.redis.shards to 2, as on the other nodes, or aside.redis.namespace to another name.
                    """);
        }
    }

    @Test
    void customizers_ofTheTier_comeInOrderAndWinOverProperties() {
        boot("starter-customized")
                .withPropertyValues("aside.redis.stale-bound=5s")
                .withUserConfiguration(Customizers.class)
                .run(context -> assertThat(context.getBean(RedisTier.class).staleBound())
                        .isEqualTo(Duration.ofSeconds(2)));
    }

    @Test
    void bounds_ofTheLibrary_areTheOnesThisModuleReckonsWith() {
        boot("starter-defaults")
                .run(context -> assertThat(context.getBean(RedisTier.class).staleBound())
                        .isEqualTo(Duration.ofSeconds(1)));
    }

    private static ApplicationContextRunner boot(String namespace) {
        return FailedStart.BOOT.withPropertyValues(
                "aside.redis.uri=" + RedisServer.shared().uri(), "aside.redis.namespace=" + namespace);
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {
        @Bean
        @Order(2)
        RedisTierCustomizer last() {
            return builder -> builder.staleBound(Duration.ofSeconds(2));
        }

        @Bean
        @Order(1)
        RedisTierCustomizer first() {
            return builder -> builder.staleBound(Duration.ofSeconds(3));
        }
    }
}
