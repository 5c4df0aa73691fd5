package dev.aside.cache.testing;

import static dev.aside.cache.testing.CacheAssertions.assertThatCache;
import static dev.aside.cache.testing.CacheAssertions.assertThatRead;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Answer.Level;
import dev.aside.cache.Answer.Reason;
import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.TtlPolicy;
import dev.aside.cache.WarmUpProgress;
import dev.aside.cache.annotation.CacheConfig;
import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.CachePut;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import dev.aside.cache.annotation.Fenced;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The code of docs/caching.md, compiled and run. */
class CachingPageTest {
    private final Database database = new Database();
    private final List<Integer> logged = new ArrayList<>();

    record Product(String sku, String country, BigDecimal price) {}

    // spotless:off
    @CacheConfig(name = "product", policy = "reference")
    interface ProductRepository {
        @Cached(key = "sku", tags = {"country:{result.country}"})
        Optional<Product> bySku(String sku);

        @CachedBatch(key = "skus", maxBatch = 100, tags = {"country:{result.country}"})
        Map<String, Product> bySkus(Collection<String> skus); // shares entries with bySku

        @CachePut(key = "product.sku", value = "product", tags = {"country:{result.country}"})
        void save(Product product); // the next read finds it

        @CacheInvalidate(key = "sku", fenced = Fenced.REQUIRED)
        void delete(String sku); // announced before it happens

        @CacheInvalidate(tags = "country:{country}")
        void reprice(String country, BigDecimal factor);
    }
    // spotless:on

    private static final class Database implements ProductRepository {
        private final Map<String, Product> rows = new TreeMap<>();
        private int queries;

        @Override
        public Optional<Product> bySku(String sku) {
            queries++;
            return Optional.ofNullable(rows.get(sku));
        }

        @Override
        public Map<String, Product> bySkus(Collection<String> skus) {
            queries++;
            return all(skus);
        }

        Map<String, Product> all(Collection<String> skus) {
            Map<String, Product> found = new TreeMap<>(rows);
            found.keySet().retainAll(skus);
            return found;
        }

        @Override
        public void save(Product product) {
            rows.put(product.sku(), product);
        }

        Product insert(Product product) {
            rows.put(product.sku(), product);
            return product;
        }

        @Override
        public void delete(String sku) {
            rows.remove(sku);
        }

        @Override
        public void reprice(String country, BigDecimal factor) {
            rows.replaceAll((sku, row) -> row.country().equals(country)
                    ? new Product(sku, country, row.price().multiply(factor))
                    : row);
        }
    }

    private void log(int done) {
        logged.add(done);
    }

    private static Product product(String sku, String country) {
        return new Product(sku, country, BigDecimal.ONE);
    }

    @Test
    void repository_asWritten_works() {
        try (CacheTest test = CacheTest.nodes(1, builder -> builder)) {
            ProductRepository repository = test.caches().proxy(ProductRepository.class, database);
            repository.save(product("tea", "GB"));
            repository.save(product("vin", "FR"));
            assertThat(repository.bySku("tea")).isPresent();
            assertThat(repository.bySkus(List.of("tea", "vin"))).hasSize(2);
            assertThat(database.queries).isZero();
            repository.reprice("FR", BigDecimal.TEN);
            assertThat(repository.bySku("tea")).isPresent();
            assertThat(repository.bySku("vin").orElseThrow().price()).isEqualTo("10");
            assertThat(database.queries).isEqualTo(1);
            repository.delete("tea");
            assertThat(repository.bySku("tea")).isEmpty();
        }
    }

    @Test
    void byHand_asWritten_works() {
        Product product = product("85123A", "GB");
        List<String> topSellers = List.of("85123A", "71053");
        Caches caches = Caches.builder().build();
        database.rows.put("71053", product("71053", "GB"));
        // spotless:off
        Cache<String, Product> products = caches.cache("by-hand", String.class, Product.class, "reference");
        products.writeThrough("85123A", () -> database.insert(product));
        // spotless:on
        assertThat(products.peek("85123A")).isEqualTo(product);
        // spotless:off
        WarmUpProgress warm = products.warmUp(topSellers, 100, database::all, progress -> log(progress.done()));
        // spotless:on
        assertThat(warm.finished()).isTrue();
        assertThat(logged).containsExactly(2);
        // spotless:off
        caches.invalidateTags("product", List.of("country:GB", "country:FR")); // on every node, read here or not
        // spotless:on
        assertThat(products.asMap()).as("this is another cache").hasSize(2);
        caches.close();
    }

    private static TtlPolicy quotes() {
        // spotless:off
        TtlPolicy quotes = TtlPolicy.named("quotes")
                .ttl(Duration.ofMinutes(10))
                .jitter(0.1) // shortens only
                .nullTtl(Duration.ofSeconds(30))
                .refreshAhead(0.8)
                .staleIfError(Duration.ofHours(2))
                .softTimeout(Duration.ofMillis(200)) // the old value now, the new one when it comes
                .hardTimeout(Duration.ofSeconds(5))
                .maxConcurrentLoads(8) // of the connections in the pool
                .loadBreaker(0.5, 20, Duration.ofSeconds(10))
                .build();
        // spotless:on
        return quotes;
    }

    private static Integer down(String sku) {
        throw new IllegalStateException("no quote of " + sku);
    }

    @Test
    void testSupport_asWritten_works() {
        // spotless:off
        try (CacheTest test = CacheTest.nodes(2, builder -> builder.policy(quotes()))) {
            Cache<String, Integer> here = test.node(0).cache("quote", String.class, Integer.class, "quotes");
            Cache<String, Integer> there = test.node(1).cache("quote", String.class, Integer.class, "quotes");
            assertThatRead(() -> here.get("tea", sku -> 3)).cameFrom(Level.LOAD);
            assertThatRead(() -> there.get("tea", sku -> 4)).gives(3).cameFrom(Level.L2);
            test.advance(Duration.ofMinutes(11));
            assertThatRead(() -> here.get("tea", CachingPageTest::down)).gives(3).wasStale();
            test.tier().unreachable(true);
            assertThatRead(() -> there.get("coffee", sku -> 5)).because(Reason.UNAVAILABLE);
            assertThatCache(there).holdsNothingFor("coffee");
        }
        // spotless:on
    }
}
