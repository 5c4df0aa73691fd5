package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Answer;
import dev.aside.cache.Cache;
import dev.aside.cache.CacheProbe;
import dev.aside.cache.Caches;
import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.redis.RedisTierEvent;
import dev.aside.cache.redis.RedisTierListener;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.testkit.RedisServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class AsideRedisAutoConfigurationIT {
    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(AsideAutoConfiguration.class, AsideRedisAutoConfiguration.class));

    @Test
    void redisUri_set_nodesShareValues() {
        ApplicationContextRunner node = boot.withPropertyValues(
                "aside.redis.uri=" + RedisServer.shared().uri(), "aside.redis.namespace=starter-share");
        node.run(one -> {
            assertThat(one).hasSingleBean(RedisTier.class);
            assertThat(cache(one.getBean(Caches.class)).get("k", key -> "from one"))
                    .isEqualTo("from one");
            node.run(other -> {
                try (CacheProbe probe = CacheProbe.open()) {
                    String value = cache(other.getBean(Caches.class)).get("k", key -> "from other");
                    assertThat(value).isEqualTo("from one");
                    assertThat(probe.answers())
                            .singleElement()
                            .extracting(Answer::level)
                            .isEqualTo(Answer.Level.L2);
                }
            });
        });
    }

    @Test
    void redisProperties_set_reachTheTier() {
        boot.withPropertyValues(
                        "aside.redis.uri=" + RedisServer.shared().uri(),
                        "aside.redis.namespace=starter-bound",
                        "aside.redis.stale-bound=1s500ms")
                .run(context -> assertThat(context.getBean(RedisTier.class).staleBound())
                        .isEqualTo(Duration.ofMillis(1_500)));
    }

    @Test
    void listenerAndCustomizerBeans_arePickedUp() {
        boot.withPropertyValues("aside.redis.uri=" + RedisServer.shared().uri(), "aside.redis.namespace=starter-listen")
                .withUserConfiguration(Beans.class)
                .run(context -> {
                    assertThat(context.getBean(RedisTier.class).staleBound()).isEqualTo(Duration.ofSeconds(2));
                    List<RedisTierEvent> events = context.getBean(Beans.class).events;
                    Awaitility.await()
                            .untilAsserted(
                                    () -> assertThat(events).anyMatch(RedisTierEvent.Connected.class::isInstance));
                });
    }

    @Test
    void redisUnreachable_failFast_failsStartNamingAddress() throws IOException {
        int port = unusedPort();
        boot.withPropertyValues("aside.redis.uri=redis://127.0.0.1:" + port, "aside.redis.startup=fail-fast")
                .run(context -> assertThat(context.getStartupFailure())
                        .isNotNull()
                        .hasStackTraceContaining("Redis at 127.0.0.1:" + port + " cannot be used"));
    }

    @Test
    void redisUnreachable_degraded_startsAndLoads() throws IOException {
        boot.withPropertyValues("aside.redis.uri=redis://127.0.0.1:" + unusedPort(), "aside.redis.startup=degraded")
                .run(context -> assertThat(cache(context.getBean(Caches.class)).get("k", key -> "loaded"))
                        .isEqualTo("loaded"));
    }

    @Test
    void remoteTierOfTheUser_wins() {
        boot.withPropertyValues("aside.redis.uri=" + RedisServer.shared().uri())
                .withUserConfiguration(OwnTier.class)
                .run(context ->
                        assertThat(context).hasSingleBean(RemoteTier.class).hasBean("ownTier"));
    }

    private static Cache<String, String> cache(Caches caches) {
        return caches.cache("values", String.class, String.class);
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        final List<RedisTierEvent> events = new CopyOnWriteArrayList<>();

        @Bean
        RedisTierListener listener() {
            return events::add;
        }

        @Bean
        RedisTierCustomizer customizer() {
            return builder -> builder.staleBound(Duration.ofSeconds(2));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnTier {
        @Bean
        RedisTier ownTier() {
            return RedisTier.builder()
                    .uri(RedisServer.shared().uri())
                    .namespace("starter-own")
                    .build();
        }
    }
}
