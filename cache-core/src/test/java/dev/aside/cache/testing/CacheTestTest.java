package dev.aside.cache.testing;

import static dev.aside.cache.testing.CacheAssertions.assertThatCache;
import static dev.aside.cache.testing.CacheAssertions.assertThatRead;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.Answer.Level;
import dev.aside.cache.Answer.Reason;
import dev.aside.cache.Cache;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CacheTestTest {

    @Test
    void nodes_timeAndFaults_areTurnedByHand() {
        try (CacheTest test = CacheTest.nodes(2, builder -> builder)) {
            Cache<String, String> here = test.node(0).cache("c", String.class, String.class, "reference");
            Cache<String, String> there = test.node(1).cache("c", String.class, String.class, "reference");
            assertThatRead(() -> here.get("k", key -> "v")).gives("v").cameFrom(Level.LOAD);
            assertThatRead(() -> there.get("k", key -> "unused"))
                    .cameFrom(Level.L2)
                    .wasNotStale()
                    .wasYoungerThan(Duration.ofSeconds(1));
            test.advance(Duration.ofMinutes(31));
            assertThatRead(() -> here.get("k", key -> {
                        throw new IllegalStateException("down");
                    }))
                    .gives("v")
                    .wasStale()
                    .because(Reason.STALE_IF_ERROR)
                    .readTimes(1);
            assertThatCache(here).hasFailedToLoad(1).hasServedStale(1).hasLoaded(1);

            test.tier().holdInvalidations();
            there.invalidate("k");
            assertThatCache(there).holdsNothingFor("k").hasInvalidated(1);
            test.tier().deliverInvalidations();
            assertThatCache(here).holdsNothingFor("k");

            test.tier().unreachable(true);
            assertThatRead(() -> here.get("k", key -> "w")).because(Reason.UNAVAILABLE);
            test.tier().unreachable(false);
            here.get("k", key -> {
                test.tier().loseLeases();
                return "x";
            });
            assertThatCache(here).hasRefusedFills(1);
        }
    }

    @Test
    void local_oneProcess_hasNoTierBehindIt() {
        try (CacheTest test = CacheTest.local(builder -> builder)) {
            Cache<String, String> cache = test.caches().cache("c", String.class, String.class);
            cache.get("k", key -> "v");
            assertThatCache(cache).holds("k", "v").hasLoaded(1);
        }
    }

    @Test
    void assertions_notSo_sayWhatIs() {
        try (CacheTest test = CacheTest.local(builder -> builder)) {
            Cache<String, String> cache = test.caches().cache("c", String.class, String.class);
            cache.get("k", key -> "v");
            assertThatThrownBy(() -> assertThatCache(cache).holds("k", "w"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("expected cache 'c' to hold w for k, but it holds v; CacheStats[");
            assertThatThrownBy(() -> assertThatCache(cache).holdsNothingFor("k"))
                    .isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> assertThatCache(cache).hasLoaded(2))
                    .hasMessageStartingWith("expected cache 'c' to have loaded 2, but it has 1; ");
            assertThatThrownBy(() ->
                            assertThatRead(() -> cache.get("k", key -> "v")).cameFrom(Level.L2))
                    .hasMessageStartingWith("expected every answer to come from L2, but they are [Answer[cache=c, ");
            assertThatThrownBy(() -> assertThatRead(() -> "no read at all").wasNotStale())
                    .hasMessage("expected every answer to not be stale, but they are []");
            assertThatThrownBy(() -> assertThatRead(() -> {
                        throw new IllegalStateException("down");
                    }))
                    .hasMessage("the read failed: java.lang.IllegalStateException: down");
            assertThatThrownBy(() -> assertThatRead(() -> "a").gives("b")).isInstanceOf(AssertionError.class);
            assertThatThrownBy(() -> assertThatRead(() -> "a").readTimes(1)).isInstanceOf(AssertionError.class);
        }
        assertThatThrownBy(() -> CacheTest.nodes(0, builder -> builder))
                .hasMessage("a cluster of 0 nodes cannot be tested [hint: 1 and more]");
    }
}
