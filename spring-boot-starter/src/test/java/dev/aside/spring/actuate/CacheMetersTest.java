package dev.aside.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.InMemoryRemoteTier;
import dev.aside.cache.InvalidationPendingException;
import dev.aside.testkit.FakeTicker;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CacheMetersTest {
    private final FakeTicker ticker = FakeTicker.create();
    private final InMemoryRemoteTier tier = new InMemoryRemoteTier(ticker);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicReference<Caches> built = new AtomicReference<>();
    private final CacheMeters meters = new CacheMeters(built::get);
    private final Caches caches =
            Caches.builder().remote(tier.node()).ticker(ticker).listener(meters).build();
    private final Caches other =
            Caches.builder().remote(tier.node()).ticker(ticker).build();

    @AfterEach
    void close() {
        caches.close();
        other.close();
    }

    @Test
    void reads_ofEachLevel_areCountedApart() {
        Cache<String, String> cache = cache(caches);
        bind();
        cache(other).get("theirs", key -> "v");
        cache.get("theirs", key -> "v");
        cache.get("mine", key -> "v");
        cache.get("mine", key -> "v");
        cache.get("mine", key -> "v");
        assertThat(counted("aside.cache.reads", "level", "l1")).isEqualTo(2);
        assertThat(counted("aside.cache.reads", "level", "l2")).isEqualTo(1);
        assertThat(counted("aside.cache.reads", "level", "load")).isEqualTo(1);
        assertThat(counted("aside.cache.loads")).isEqualTo(1);
        assertThat(registry.get("aside.cache.size")
                        .tag("cache", "values")
                        .gauge()
                        .value())
                .isEqualTo(2);
    }

    @Test
    void writes_ofEachKind_areCounted() {
        Cache<String, String> cache = cache(caches);
        bind();
        cache.put("k", "v");
        cache.invalidate("k");
        cache.invalidateAll();
        assertThat(counted("aside.cache.puts")).isEqualTo(1);
        assertThat(counted("aside.cache.puts.refused")).isZero();
        assertThat(counted("aside.cache.invalidations")).isEqualTo(2);
    }

    @Test
    void put_overtaken_isCountedAsRefused() {
        Cache<String, String> cache = cache(caches);
        bind();
        cache.writeThrough("k", () -> {
            cache(other).invalidate("k");
            return "v";
        });
        assertThat(counted("aside.cache.puts")).isZero();
        assertThat(counted("aside.cache.puts.refused")).isEqualTo(1);
    }

    @Test
    void load_ofSeveralKeys_isTimedOnce() {
        Cache<String, String> cache = cache(caches);
        bind();
        cache.getAll(List.of("a", "b"), keys -> {
            ticker.advance(Duration.ofMillis(30));
            return Map.of("a", "1", "b", "2");
        });
        assertThat(loads("success").count()).isEqualTo(1);
        assertThat(loads("success").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
        assertThat(loads("failure").count()).isZero();
        assertThat(counted("aside.cache.loads")).isEqualTo(2);
    }

    @Test
    void load_thatFails_isTimedApart() {
        Cache<String, String> cache = cache(caches);
        bind();
        assertThatThrownBy(() -> cache.get("k", key -> {
                    ticker.advance(Duration.ofMillis(7));
                    throw new IllegalStateException("no database");
                }))
                .hasMessage("no database");
        assertThat(loads("failure").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(7);
        assertThat(loads("success").count()).isZero();
        assertThat(counted("aside.cache.load.failures")).isEqualTo(1);
    }

    @Test
    void fill_refused_isCounted() {
        Cache<String, String> cache = cache(caches);
        bind();
        cache.get("k", key -> {
            cache(other).invalidate("k");
            return "old";
        });
        assertThat(counted("aside.cache.fills.refused")).isEqualTo(1);
    }

    @Test
    void tierUnreachable_readsAndInvalidations_areCounted() {
        Cache<String, String> cache = cache(caches);
        bind();
        tier.unreachable(true);
        cache.get("k", key -> "v");
        assertThatThrownBy(() -> cache.invalidate("k")).isInstanceOf(InvalidationPendingException.class);
        assertThat(counted("aside.cache.reads.degraded")).isEqualTo(1);
        assertThat(counted("aside.cache.invalidations.pending")).isEqualTo(1);
        assertThat(counted("aside.cache.invalidations.failed")).isZero();
    }

    @Test
    void cacheDefinedLater_itsFirstEvent_bringsItsMeters() {
        bind();
        Cache<String, String> late = caches.cache("late", String.class, String.class);
        assertThat(registry.find("aside.cache.loads").tag("cache", "late").functionCounter())
                .isNull();
        late.get("k", key -> "v");
        assertThat(registry.get("aside.cache.loads")
                        .tag("cache", "late")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("aside.cache.load")
                        .tag("cache", "late")
                        .tag("result", "success")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void cacheDefinedLater_withoutEvents_appearsWithTheNextScrape() {
        bind();
        caches.cache("quiet", String.class, String.class);
        assertThat(registry.get("aside.caches").gauge().value()).isEqualTo(1);
        assertThat(registry.find("aside.cache.size").tag("cache", "quiet").gauge())
                .isNotNull();
    }

    @Test
    void cacheOfOtherNodesOnly_pendingInvalidation_isCounted() {
        bind();
        tier.unreachable(true);
        assertThatThrownBy(() -> caches.invalidate("elsewhere", List.of("k")))
                .isInstanceOf(InvalidationPendingException.class);
        assertThat(registry.get("aside.cache.invalidations.pending")
                        .tag("cache", "elsewhere")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void listening_always_leavesReadsAlone() {
        assertThat(meters.wantsReads()).isFalse();
    }

    @Test
    void registries_severalBound_areAllFed() {
        SimpleMeterRegistry second = new SimpleMeterRegistry();
        bind();
        meters.bindTo(second);
        cache(caches).get("k", key -> "v");
        assertThat(loads("success").count()).isEqualTo(1);
        assertThat(second.get("aside.cache.load")
                        .tag("result", "success")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void noCaches_bound_registersNothing() {
        meters.bindTo(registry);
        assertThat(registry.getMeters()).isEmpty();
    }

    private void bind() {
        built.set(caches);
        meters.bindTo(registry);
    }

    private static Cache<String, String> cache(Caches node) {
        return node.cache("values", String.class, String.class);
    }

    private double counted(String name, String... tags) {
        return registry.get(name)
                .tag("cache", "values")
                .tags(tags)
                .meter()
                .measure()
                .iterator()
                .next()
                .getValue();
    }

    private Timer loads(String result) {
        return registry.get("aside.cache.load")
                .tag("cache", "values")
                .tag("result", result)
                .timer();
    }
}
