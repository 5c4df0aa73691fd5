package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Caches;
import dev.aside.cache.InMemoryRemoteTier;
import dev.aside.cache.redis.RedisTier;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.spring.AsideProperties.Redis;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which {@code aside.redis.*} reach the tier, and when there is none. With a server: {@code SpringDataRedisIT}. */
class RedisPropertiesTest {
    private static final FilteredClassLoader WITHOUT_TIER = new FilteredClassLoader("dev.aside.cache.redis");
    private static final FilteredClassLoader WITHOUT_SPRING_DATA =
            new FilteredClassLoader("org.springframework.boot.data.redis");

    /** Values that the tier's builder refuses, and part of its words. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("uri=no uri", "the Redis URI is malformed"),
            Map.entry("namespace=a b", "the namespace 'a b'"),
            Map.entry("shards=3", "the number of shards"),
            Map.entry("command-timeout=0s", "the command timeout"),
            Map.entry("heartbeat=0s", "the heartbeat"),
            Map.entry("stale-bound=0s", "the stale bound"),
            Map.entry("lease=0s", "the lease"),
            Map.entry("lease-limit=0s", "the lease limit"),
            Map.entry("write-guard=0s", "the write guard"),
            Map.entry("max-value-bytes=-1B", "the value limit"),
            Map.entry("compress-above=-1B", "the compression threshold"));

    private final ApplicationContextRunner boot = FailedStart.BOOT;

    @Test
    void properties_eachOne_reachTheBuilder() {
        assertThat(REFUSED.keySet().stream().map(setting -> setting.substring(0, setting.indexOf('='))))
                .containsAll(PropertyNames.below(Redis.class).stream()
                        .filter(name -> !name.equals("enabled") && !name.equals("startup"))
                        .toList());
        REFUSED.forEach((setting, words) -> boot.withPropertyValues(
                        "aside.redis.uri=redis://localhost", "aside.redis." + setting)
                .run(context -> assertThat(context.getStartupFailure())
                        .as(setting)
                        .rootCause()
                        .hasMessageStartingWith(words)));
    }

    @Test
    void springDataRedis_onTheClassPathOnly_isNoReasonForATier() {
        assertNoTier(boot);
        assertNoTier(boot.withPropertyValues("spring.data.redis.port=6380", "spring.data.redis.password=s3cret"));
        assertNoTier(boot.withPropertyValues("spring.data.redis.host="));
    }

    @Test
    void springDataRedis_withHost_isNoReasonWhenDisabled() {
        assertNoTier(boot.withPropertyValues("spring.data.redis.host=localhost", "aside.redis.enabled=false"));
        assertNoTier(boot.withPropertyValues("spring.data.redis.cluster.nodes=a:1,b:2", "aside.redis.enabled=false"));
    }

    @Test
    void springDataRedis_notOnTheClassPath_meansNothing() {
        assertNoTier(boot.withClassLoader(WITHOUT_SPRING_DATA).withPropertyValues("spring.data.redis.host=localhost"));
        boot.withClassLoader(WITHOUT_SPRING_DATA)
                .withPropertyValues("spring.data.redis.host=localhost", "aside.redis.enabled=true")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("nothing says where Redis is"));
    }

    @Test
    void springDataRedis_withoutCacheRedis_isForOthers() {
        assertNoTier(boot.withClassLoader(WITHOUT_TIER).withPropertyValues("spring.data.redis.host=localhost"));
    }

    @Test
    void uri_disabled_isNotUsed() {
        assertNoTier(boot.withPropertyValues("aside.redis.uri=redis://localhost", "aside.redis.enabled=false"));
        assertNoTier(boot.withClassLoader(WITHOUT_TIER)
                .withPropertyValues("aside.redis.uri=redis://localhost", "aside.redis.enabled=false"));
    }

    @Test
    void remoteTierOfTheUser_besideACluster_isEnough() {
        boot.withUserConfiguration(OwnTier.class)
                .withPropertyValues("spring.data.redis.cluster.nodes=a:1,b:2")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(RemoteTier.class)
                        .doesNotHaveBean(RedisTier.class));
    }

    @Test
    void connectionDetails_ofSeveralServersOrWithSsl_areRefusedNamingTheBean() {
        boot.withUserConfiguration(ClusterService.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageStartingWith(
                                "a Redis of several servers is not supported yet, and the bean 'cluster' names one"));
        boot.withUserConfiguration(SecureService.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageStartingWith(
                                "an SSL bundle cannot be used for the caches yet, and the bean 'secure' has one"));
    }

    @Test
    void settings_asText_keepCredentialsOut() {
        boot.withPropertyValues("aside.redis.uri=redis://u:s3cret@localhost", "aside.redis.enabled=false")
                .run(context -> assertThat(
                                context.getBean(AsideProperties.class).toString())
                        .doesNotContain("s3cret"));
    }

    private static void assertNoTier(ApplicationContextRunner boot) {
        boot.run(context -> assertThat(context)
                .hasNotFailed()
                .hasSingleBean(Caches.class)
                .doesNotHaveBean(RemoteTier.class)
                .doesNotHaveBean(RedisTier.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnTier {
        @Bean
        RemoteTier mine() {
            return new InMemoryRemoteTier().node();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ClusterService {
        @Bean
        DataRedisConnectionDetails cluster() {
            return new DataRedisConnectionDetails() {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SecureService {
        @Bean
        DataRedisConnectionDetails secure() {
            return new DataRedisConnectionDetails() {
                @Override
                public Standalone getStandalone() {
                    return Standalone.of("localhost", 6379);
                }

                @Override
                public SslBundle getSslBundle() {
                    return SslBundle.systemDefault();
                }
            };
        }
    }
}
