package dev.aside.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.InMemoryRemoteTier;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.TypeRef;
import dev.aside.cache.annotation.Cached;
import dev.aside.spring.actuate.AsideEndpoint.CacheDescription;
import dev.aside.spring.actuate.AsideEndpoint.Entry;
import dev.aside.spring.actuate.AsideEndpoint.Invalidation;
import dev.aside.spring.actuate.AsideEndpoint.PolicyDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Show;

class AsideEndpointTest {
    private final InMemoryRemoteTier tier = new InMemoryRemoteTier();
    private final Caches caches = Caches.builder().remote(tier.node()).build();
    private final AsideEndpoint endpoint =
            new AsideEndpoint(caches, TierView.NONE, Show.ALWAYS, new JobsView(() -> null, "none"));
    private final Cache<Long, String> stock = caches.cache("stock", Long.class, String.class, "reference");

    interface Prices {
        @Cached(name = "price", ttl = "4m", tags = "country:{country}")
        Map<String, List<Integer>> of(String sku, int country);
    }

    @AfterEach
    void close() {
        caches.close();
    }

    @Test
    void overview_showsTierCachesAndPolicies() {
        AsideEndpoint.Overview overview = endpoint.overview();
        assertThat(overview.tier()).containsEntry("redis", "none");
        assertThat(overview.caches()).containsOnlyKeys("stock");
        assertThat(overview.policies())
                .containsKeys("default", "reference", "permissions", "aggregate")
                .containsEntry("reference", TtlPolicy.reference().toString());
    }

    @Test
    void cache_withTraffic_showsTypesPolicyAndStats() {
        stock.get(1L, key -> "many");
        stock.get(1L, key -> "many");
        CacheDescription description = endpoint.cache("stock", null);
        assertThat(description.name()).isEqualTo("stock");
        assertThat(description.keys()).isEqualTo("java.lang.Long");
        assertThat(description.values()).isEqualTo("java.lang.String");
        assertThat(description.policy()).isEqualTo(stock.policy().toString());
        assertThat(description.stats()).isEqualTo(stock.stats());
        assertThat(description.hitRatio()).isEqualTo(0.5);
        assertThat(description.entry()).isNull();
    }

    @Test
    void cache_ofAnnotations_showsGenericTypesAndParts() {
        caches.proxy(Prices.class, (sku, country) -> Map.of());
        CacheDescription description = endpoint.cache("price", null);
        assertThat(description.keys()).isEqualTo("java.lang.String, java.lang.Integer");
        assertThat(description.values())
                .isEqualTo("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>");
        assertThat(description.policy()).startsWith("default{ttl=4m");
        assertThatThrownBy(() -> endpoint.cache("price", "x")).hasMessageContaining("cannot be given as text");
    }

    @Test
    void cache_ofListValues_showsTheListType() {
        caches.cache("lists", String.class, new TypeRef<List<String>>() {}, "default");
        assertThat(endpoint.cache("lists", null).values()).isEqualTo("java.util.List<java.lang.String>");
    }

    @Test
    void peek_ofHeldKey_showsItWithoutCountingARead() {
        stock.get(1L, key -> "many");
        long reads = stock.stats().reads();
        assertThat(endpoint.cache("stock", "1").entry())
                .isEqualTo(new Entry("1", true, "java.lang.String", "many", false));
        assertThat(stock.stats().reads()).isEqualTo(reads);
    }

    @Test
    void peek_ofMissingKey_loadsNothing() {
        AtomicInteger loads = new AtomicInteger();
        stock.get(1L, key -> "v" + loads.incrementAndGet());
        assertThat(endpoint.cache("stock", "2").entry()).isEqualTo(new Entry("2", false, null, null, null));
        assertThat(loads).hasValue(1);
    }

    @Test
    void peek_whereValuesAreHidden_tellsTheTypeOnly() {
        stock.get(1L, key -> "secret");
        AsideEndpoint discreet = new AsideEndpoint(caches, TierView.NONE, Show.NEVER, new JobsView(() -> null, "none"));
        assertThat(discreet.cache("stock", "1").entry())
                .isEqualTo(new Entry("1", true, "java.lang.String", null, null));
    }

    @Test
    void cache_unknown_isRefusedNamingTheOthers() {
        assertThatThrownBy(() -> endpoint.cache("stok", null))
                .isInstanceOf(UnknownNameException.class)
                .hasMessage("there is no cache 'stok' [hint: there are stock]");
    }

    @Test
    void invalidate_key_dropsIt() {
        stock.get(1L, key -> "v");
        stock.get(2L, key -> "v");
        assertThat(endpoint.invalidate("stock", "1", null, null)).isEqualTo(new Invalidation("stock", "key", "done"));
        assertThat(stock.asMap()).containsOnlyKeys(2L);
    }

    @Test
    void invalidate_all_clears() {
        stock.get(1L, key -> "v");
        assertThat(endpoint.invalidate("stock", null, null, true)).isEqualTo(new Invalidation("stock", "all", "done"));
        assertThat(stock.asMap()).isEmpty();
    }

    @Test
    void invalidate_tag_dropsWhatCarriesIt() {
        caches.policies()
                .replace(TtlPolicy.aggregate().toBuilder()
                        .tagsFrom(value -> List.of("even:" + ((String) value).length() % 2))
                        .build());
        Cache<String, String> tagged = caches.cache("tagged", String.class, String.class, "aggregate");
        tagged.get("a", key -> "x");
        tagged.get("b", key -> "xx");
        assertThat(endpoint.invalidate("tagged", null, "even:0", null))
                .isEqualTo(new Invalidation("tagged", "tag", "done"));
        assertThat(tagged.asMap()).containsOnlyKeys("a");
    }

    @Test
    void invalidate_notSayingWhat_changesNothing() {
        stock.get(1L, key -> "v");
        assertThatThrownBy(() -> endpoint.invalidate("stock", null, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one of key, tag and all=true");
        assertThatThrownBy(() -> endpoint.invalidate("stock", "1", null, true)).hasMessageContaining("one of");
        assertThat(stock.asMap()).containsOnlyKeys(1L);
    }

    @Test
    void invalidate_tierUnreachable_isPending() {
        tier.unreachable(true);
        assertThat(endpoint.invalidate("stock", "1", null, null).outcome()).isEqualTo("pending");
    }

    @Test
    void replacePolicy_ttl_isInForceAtOnceAndTellsTheCaches() {
        PolicyDescription now = endpoint.replacePolicy("reference", "10m", null, "0s", null, 500L);
        assertThat(stock.policy().ttl()).isEqualTo(Duration.ofMinutes(10));
        assertThat(stock.policy().nullTtl()).isZero();
        assertThat(stock.policy().maximumSize()).isEqualTo(500);
        assertThat(stock.policy().staleIfError())
                .isEqualTo(TtlPolicy.reference().staleIfError());
        assertThat(now.policy()).isEqualTo(caches.policies().get("reference").toString());
        assertThat(now.caches()).isEqualTo(Map.of("stock", stock.policy().toString()));
    }

    @Test
    void replacePolicy_everyNotationOfDurations_isRead() {
        endpoint.replacePolicy("default", "2h5m", "PT30S", null, "1d", null);
        TtlPolicy policy = caches.policies().get("default");
        assertThat(policy.ttl()).isEqualTo(Duration.ofMinutes(125));
        assertThat(policy.localTtl()).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.staleIfError()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void replacePolicy_refused_changesNothing() {
        assertThatThrownBy(() -> endpoint.replacePolicy("reference", "2h", null, null, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ttl 2h is outside the bounds 5m..1h");
        assertThatThrownBy(() -> endpoint.replacePolicy("reference", "soon", null, null, null, null))
                .hasMessageContaining("ttl 'soon' is not a duration");
        assertThatThrownBy(() -> endpoint.replacePolicy("reference", " ", null, null, null, null))
                .hasMessageContaining("is not a duration");
        assertThatThrownBy(() -> endpoint.replacePolicy("reference", null, null, null, null, null))
                .hasMessageContaining("was to be changed in nothing");
        assertThat(caches.policies().get("reference")).isEqualTo(TtlPolicy.reference());
    }

    @Test
    void replacePolicy_unknown_isRefusedNamingTheOthers() {
        assertThatThrownBy(() -> endpoint.replacePolicy("refrence", "10m", null, null, null, null))
                .isInstanceOf(UnknownNameException.class)
                .hasMessageContaining("there are aggregate, default, permissions, reference");
    }
}
