package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.spring.AsideProperties.LoadBreaker;
import dev.aside.spring.AsideProperties.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What {@code aside.policies.*} can say. */
class PolicyPropertiesTest {
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final TtlPolicy BASE = TtlPolicy.named("base")
            .ttl(Duration.ofMinutes(5))
            .staleIfError(Duration.ofMinutes(10))
            .maxConcurrentLoads(8)
            .loadBreaker(0.5, 20, Duration.ofSeconds(10))
            .singleFlight(TtlPolicy.SingleFlight.CLUSTER)
            .build();

    private static final Map<String, String> CHANGES = new TreeMap<>(Map.ofEntries(
            Map.entry("ttl", "6m"),
            Map.entry("min-ttl", "1m"),
            Map.entry("max-ttl", "1h"),
            Map.entry("local-ttl", "1m"),
            Map.entry("null-ttl", "1m"),
            Map.entry("jitter", "0.2"),
            Map.entry("refresh-ahead", "0.7"),
            Map.entry("stale-while-revalidate", "1m"),
            Map.entry("stale-if-error", "1m"),
            Map.entry("error-backoff", "1m"),
            Map.entry("soft-timeout", "1s"),
            Map.entry("hard-timeout", "2s"),
            Map.entry("maximum-size", "77"),
            Map.entry("max-concurrent-loads", "4"),
            Map.entry("load-wait", "0s"),
            Map.entry("load-breaker.failure-share", "0.6"),
            Map.entry("load-breaker.calls", "21"),
            Map.entry("load-breaker.open-for", "11s"),
            Map.entry("slow-load", "0s"),
            Map.entry("single-flight", "process"),
            Map.entry("cluster-wait", "1s")));

    @Test
    void properties_allThereAre_areTried() {
        assertThat(CHANGES.keySet())
                .containsAll(PropertyNames.below(LoadBreaker.class).stream()
                        .map("load-breaker."::concat)
                        .toList())
                .containsAll(PropertyNames.below(Policy.class).stream()
                        .filter(name -> !name.equals("load-breaker"))
                        .filter(name -> !name.equals("coherence")) // contradicts the base
                        .filter(name -> !name.equals("maximum-weight")) // needs a weigher
                        .toList());
    }

    @Test
    void properties_eachAlone_changeThePolicy() {
        CHANGES.forEach((name, value) -> FailedStart.BOOT
                .withUserConfiguration(BaseBean.class)
                .withPropertyValues("aside.policies.base." + name + "=" + value)
                .run(context -> assertThat(
                                context.getBean(Caches.class).policies().get("base"))
                        .as(name)
                        .isNotEqualTo(BASE)));
    }

    @Test
    void properties_allTogether_makeThePolicy() {
        String[] settings = CHANGES.entrySet().stream()
                .map(change -> "aside.policies.catalog." + change.getKey() + "=" + change.getValue())
                .toArray(String[]::new);
        FailedStart.BOOT
                .withPropertyValues(settings)
                .withPropertyValues(
                        "aside.policies.catalog.single-flight=cluster", "aside.policies.strict.coherence=strict")
                .run(context -> {
                    Caches caches = context.getBean(Caches.class);
                    assertThat(caches.policies().get("catalog"))
                            .isEqualTo(TtlPolicy.named("catalog")
                                    .ttl(Duration.ofMinutes(6))
                                    .bounds(Duration.ofMinutes(1), Duration.ofHours(1))
                                    .localTtl(Duration.ofMinutes(1))
                                    .nullTtl(Duration.ofMinutes(1))
                                    .jitter(0.2)
                                    .refreshAhead(0.7)
                                    .staleWhileRevalidate(Duration.ofMinutes(1))
                                    .staleIfError(Duration.ofMinutes(1))
                                    .errorBackoff(Duration.ofMinutes(1))
                                    .softTimeout(Duration.ofSeconds(1))
                                    .hardTimeout(Duration.ofSeconds(2))
                                    .maximumSize(77)
                                    .maxConcurrentLoads(4, Duration.ZERO)
                                    .loadBreaker(0.6, 21, Duration.ofSeconds(11))
                                    .slowLoad(Duration.ZERO)
                                    .singleFlight(TtlPolicy.SingleFlight.CLUSTER)
                                    .clusterWait(Duration.ofSeconds(1))
                                    .build());
                    assertThat(caches.policies().get("strict").coherence()).isEqualTo(TtlPolicy.Coherence.STRICT);
                });
    }

    @Test
    void maximumWeight_ofBeanWithWeigher_keepsTheWeigher() {
        FailedStart.BOOT
                .withUserConfiguration(WeighingBean.class)
                .withPropertyValues("aside.policies.heavy.maximum-weight=500")
                .run(context -> {
                    TtlPolicy policy = context.getBean(Caches.class).policies().get("heavy");
                    assertThat(policy.maximumWeight()).isEqualTo(500);
                    assertThat(policy.weigher())
                            .isSameAs(context.getBean(TtlPolicy.class).weigher());
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"catalogNew", "catalog-new", "[catalog.new]"})
    void name_inAnySpelling_isTakenAsItIs(String name) {
        FailedStart.BOOT
                .withPropertyValues("aside.policies." + name + ".ttl=7m")
                .run(context -> assertThat(context.getBean(Caches.class)
                                .policies()
                                .get(name.replace("[", "").replace("]", ""))
                                .ttl())
                        .isEqualTo(Duration.ofMinutes(7)));
    }

    @Test
    void page_itsExample_isRead() throws IOException {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("..", "docs", "spring-configuration.md")));
        assertThat(example.find()).isTrue();
        FailedStart.withYaml(FailedStart.BOOT, example.group(1))
                .withPropertyValues("aside.redis.enabled=false")
                .run(context -> {
                    Caches caches = context.getBean(Caches.class);
                    assertThat(caches.policies().get("reference").ttl()).isEqualTo(Duration.ofMinutes(40));
                    assertThat(caches.policies().get("catalog").loadBreaker())
                            .isEqualTo(new TtlPolicy.LoadBreaker(0.5, 20, Duration.ofSeconds(10)));
                });
    }

    @Test
    void policy_withoutAnyProperty_hasTheDefaults() {
        FailedStart.withYaml(FailedStart.BOOT, "aside:\n  policies:\n    catalog:\n")
                .run(context -> assertThat(
                                context.getBean(Caches.class).policies().all())
                        .extracting(TtlPolicy::name)
                        .contains("catalog"));
    }

    @Configuration(proxyBeanMethods = false)
    static class BaseBean {
        @Bean
        TtlPolicy base() {
            return BASE;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WeighingBean {
        @Bean
        TtlPolicy heavy() {
            return TtlPolicy.named("heavy")
                    .maximumWeight(100, value -> value.toString().length())
                    .build();
        }
    }
}
