package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Answer;
import dev.aside.cache.Cache;
import dev.aside.cache.CacheProbe;
import dev.aside.cache.Caches;
import dev.aside.cache.redis.RedisTier;
import dev.aside.testkit.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The level in Redis of applications that have told only Spring Data Redis where it is. */
class SpringDataRedisIT {
    private static final String PASSWORD = "p@ss:w/rd";

    private static RedisServer server;

    private final ApplicationContextRunner boot =
            FailedStart.BOOT.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));

    @BeforeAll
    static void start() {
        server = RedisServer.builder()
                .config("user shop on \">" + PASSWORD + "\" ~* &* +@all")
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void hostAndPort_set_nodesShareValues() {
        assertShared(
                "host-and-port",
                boot.withPropertyValues(
                        "spring.data.redis.host=" + server.host(), "spring.data.redis.port=" + server.port()));
    }

    @Test
    void userPasswordAndDatabase_set_areUsed() {
        ApplicationContextRunner node = boot.withPropertyValues(
                "spring.data.redis.host=" + server.host(),
                "spring.data.redis.port=" + server.port(),
                "spring.data.redis.username=shop",
                "spring.data.redis.password=" + PASSWORD,
                "spring.data.redis.client-name=shop-front",
                "spring.data.redis.database=3",
                "aside.redis.startup=fail-fast");
        assertShared("credentials", node);
        node.withPropertyValues("aside.redis.namespace=clients")
                .run(context -> assertThat(server.command("CLIENT", "LIST").text())
                        .contains("name=shop-front")
                        .contains("user=shop")
                        .contains("db=3"));
    }

    @Test
    void url_set_isUsed() {
        assertShared(
                "url",
                boot.withPropertyValues(
                        "spring.data.redis.url=redis://shop:p%40ss%3Aw%2Frd@" + server.host() + ":" + server.port(),
                        "aside.redis.startup=fail-fast"));
    }

    @Test
    void asideUri_setToo_wins() {
        assertShared(
                "both",
                boot.withPropertyValues(
                        "spring.data.redis.host=nowhere.invalid",
                        "aside.redis.uri=" + server.uri(),
                        "aside.redis.startup=fail-fast"));
    }

    @Test
    void connectionDetails_ofAStartedService_winOverProperties() {
        assertShared(
                "details",
                boot.withUserConfiguration(StartedService.class)
                        .withPropertyValues("spring.data.redis.host=nowhere.invalid", "aside.redis.startup=fail-fast"));
    }

    @Test
    void connectionDetails_withoutProperties_areReasonEnough() {
        assertShared(
                "details-only",
                boot.withUserConfiguration(StartedService.class).withPropertyValues("aside.redis.startup=fail-fast"));
    }

    @Test
    void timeout_belowTheStaleBound_isTheCommandTimeout() {
        // beside this heartbeat only a shorter command timeout than the default can be
        ApplicationContextRunner tight = boot.withPropertyValues(
                "spring.data.redis.host=" + server.host(),
                "spring.data.redis.port=" + server.port(),
                "aside.redis.namespace=tight",
                "aside.redis.heartbeat=800ms");
        tight.run(context -> assertThat(context).hasFailed());
        tight.withPropertyValues("spring.data.redis.timeout=150ms")
                .run(context -> assertThat(context).hasSingleBean(RedisTier.class));
        tight.withPropertyValues("spring.data.redis.timeout=150ms", "aside.redis.command-timeout=250ms")
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void timeout_tooLongForACache_isLeftToOthers() {
        boot.withPropertyValues(
                        "spring.data.redis.host=" + server.host(),
                        "spring.data.redis.port=" + server.port(),
                        "spring.data.redis.timeout=10s",
                        "aside.redis.namespace=patient")
                .run(context -> assertThat(context).hasSingleBean(RedisTier.class));
    }

    private static void assertShared(String namespace, ApplicationContextRunner boot) {
        ApplicationContextRunner node = boot.withPropertyValues("aside.redis.namespace=" + namespace);
        node.run(one -> {
            assertThat(one).hasSingleBean(RedisTier.class);
            assertThat(cache(one.getBean(Caches.class)).get("key", key -> "from one"))
                    .isEqualTo("from one");
            node.run(other -> {
                try (CacheProbe probe = CacheProbe.open()) {
                    assertThat(cache(other.getBean(Caches.class)).get("key", key -> "from other"))
                            .isEqualTo("from one");
                    assertThat(probe.answers())
                            .singleElement()
                            .extracting(Answer::level)
                            .isEqualTo(Answer.Level.L2);
                }
            });
        });
    }

    private static Cache<String, String> cache(Caches caches) {
        return caches.cache("values", String.class, String.class);
    }

    /** What Testcontainers and Docker Compose leave behind. */
    @Configuration(proxyBeanMethods = false)
    static class StartedService {
        @Bean
        DataRedisConnectionDetails service() {
            return new DataRedisConnectionDetails() {
                @Override
                public String getUsername() {
                    return "shop";
                }

                @Override
                public String getPassword() {
                    return PASSWORD;
                }

                @Override
                public Standalone getStandalone() {
                    return Standalone.of(server.host(), server.port());
                }
            };
        }
    }
}
