package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.annotation.CacheConfig;
import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.CacheKey;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProxyTest {

    record Product(String sku, int price) {}

    interface Products {
        @Cached(name = "product", key = "sku", policy = "reference")
        Optional<Product> bySku(String sku);

        @Cached(name = "product")
        CompletableFuture<Optional<Product>> bySkuLater(String sku);

        @CachedBatch(name = "product", key = "skus")
        Map<String, Product> bySkus(Collection<String> skus);

        @CachedBatch(name = "product", keyOf = "sku")
        List<Product> list(Set<String> skus);

        @CachedBatch(name = "product")
        CompletionStage<Map<String, Product>> bySkusLater(List<String> skus);

        @CacheInvalidate(name = "product", key = "product.sku")
        void save(Product product);

        @CacheInvalidate(name = "product", key = "products")
        int saveAll(List<String> products, int price);

        @CacheInvalidate(name = "product", allEntries = true)
        CompletableFuture<Void> reprice(int price);

        @CacheInvalidate(name = "product", key = "sku")
        @CacheInvalidate(name = "orders", allEntries = true)
        void failingWrite(String sku) throws IOException;

        @Cached(name = "orders", key = "month, customer")
        int orders(String customer, int month);

        @Cached(name = "countries")
        List<String> countries();

        default String plain() {
            return "plain " + bySku("a").isPresent();
        }
    }

    static class Shop implements Products {
        final Map<String, Product> rows = new TreeMap<>();
        final List<String> calls = new ArrayList<>();

        @Override
        public Optional<Product> bySku(String sku) {
            calls.add("bySku " + sku);
            return Optional.ofNullable(sku == null ? null : rows.get(sku));
        }

        @Override
        public CompletableFuture<Optional<Product>> bySkuLater(String sku) {
            calls.add("bySkuLater " + sku);
            return CompletableFuture.completedFuture(Optional.ofNullable(rows.get(sku)));
        }

        @Override
        public Map<String, Product> bySkus(Collection<String> skus) {
            calls.add("bySkus " + skus);
            Map<String, Product> found = new LinkedHashMap<>(rows);
            found.keySet().retainAll(skus);
            return found;
        }

        @Override
        public List<Product> list(Set<String> skus) {
            calls.add("list " + skus);
            return List.copyOf(bySkus(skus).values());
        }

        @Override
        public CompletionStage<Map<String, Product>> bySkusLater(List<String> skus) {
            calls.add("bySkusLater " + skus);
            return CompletableFuture.completedStage(bySkus(skus));
        }

        @Override
        public void save(Product product) {
            rows.put(product.sku(), product);
        }

        @Override
        public int saveAll(List<String> products, int price) {
            products.forEach(sku -> rows.put(sku, new Product(sku, price)));
            return products.size();
        }

        @Override
        public CompletableFuture<Void> reprice(int price) {
            rows.replaceAll((sku, old) -> new Product(sku, price));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void failingWrite(String sku) throws IOException {
            rows.put(sku, new Product(sku, 666));
            throw new IOException("written, then the connection broke");
        }

        @Override
        public int orders(String customer, int month) {
            calls.add("orders " + customer + month);
            return month;
        }

        @Override
        public List<String> countries() {
            calls.add("countries");
            return List.of("GB", "DE");
        }
    }

    private final Shop shop = new Shop();

    @ParameterizedTest
    @EnumSource
    void cached_everyReturnType_sharesTheEntry(Level level) {
        try (Caches caches = level.caches().build()) {
            Products products = caches.proxy(Products.class, shop);
            shop.save(new Product("a", 1));

            assertThat(products.bySku("a")).contains(new Product("a", 1));
            assertThat(products.bySku("a")).contains(new Product("a", 1));
            assertThat(products.bySkuLater("a").join()).contains(new Product("a", 1));
            assertThat(products.bySkus(List.of("a"))).isEqualTo(Map.of("a", new Product("a", 1)));
            assertThat(products.list(Set.of("a"))).containsExactly(new Product("a", 1));
            assertThat(products.bySkusLater(List.of("a")).toCompletableFuture().join())
                    .hasSize(1);
            assertThat(shop.calls).containsExactly("bySku a");
        }
    }

    @ParameterizedTest
    @EnumSource
    void cached_absent_isCachedAsEmpty(Level level) {
        try (Caches caches = level.caches().build()) {
            Products products = caches.proxy(Products.class, shop);
            assertThat(products.bySku("nope")).isEmpty();
            assertThat(products.bySku("nope")).isEmpty();
            assertThat(products.bySkuLater("nope").join()).isEmpty();
            assertThat(products.bySkus(List.of("nope"))).isEmpty();
            assertThat(shop.calls).containsExactly("bySku nope");
        }
    }

    @ParameterizedTest
    @EnumSource
    void cachedBatch_partlyCached_runsOnceForTheMissing(Level level) {
        try (Caches caches = level.caches().build()) {
            Products products = caches.proxy(Products.class, shop);
            shop.saveAll(List.of("a", "b", "c"), 5);
            products.bySku("b");
            shop.calls.clear();

            Map<String, Product> found = products.bySkus(List.of("c", "b", "a", "gone", "a"));

            assertThat(found.keySet()).containsExactly("c", "b", "a");
            assertThat(products.list(Set.of("gone"))).isEmpty();
            assertThat(shop.calls).containsExactly("bySkus [c, a, gone]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void cacheInvalidate_eachForm_letsTheNextReadSeeTheWrite(Level level) {
        try (Caches caches = level.caches().build()) {
            Products products = caches.proxy(Products.class, shop);
            shop.saveAll(List.of("a", "b"), 1);
            products.bySkus(List.of("a", "b"));

            products.save(new Product("a", 2));
            assertThat(products.bySku("a")).contains(new Product("a", 2));
            assertThat(products.saveAll(List.of("a", "b"), 3)).isEqualTo(2);
            assertThat(products.bySku("b")).contains(new Product("b", 3));
            products.reprice(4).join();
            assertThat(products.bySku("b")).contains(new Product("b", 4));
        }
    }

    @ParameterizedTest
    @EnumSource
    void cacheInvalidate_methodThrows_invalidatesAndThrowsTheSame(Level level) {
        try (Caches caches = level.caches().build()) {
            Products products = caches.proxy(Products.class, shop);
            shop.save(new Product("a", 1));
            products.bySku("a");
            products.orders("alice", 3);

            assertThatThrownBy(() -> products.failingWrite("a"))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageStartingWith("written");
            assertThat(products.bySku("a")).contains(new Product("a", 666));
            products.orders("alice", 3);
            assertThat(shop.calls).containsExactly("bySku a", "orders alice3", "bySku a", "orders alice3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void cached_compositeAndNoKey_areToldApart(Level level) {
        try (Caches caches = level.caches().build()) {
            Products products = caches.proxy(Products.class, shop);
            assertThat(products.orders("alice", 3)).isEqualTo(3);
            assertThat(products.orders("alice", 4)).isEqualTo(4);
            assertThat(products.orders("alice", 3)).isEqualTo(3);
            assertThat(products.countries()).containsExactly("GB", "DE");
            assertThat(products.countries()).containsExactly("GB", "DE");
            assertThat(shop.calls).containsExactly("orders alice3", "orders alice4", "countries");
        }
    }

    @Test
    void cached_nullKey_goesToTheMethodEachTime() {
        try (Caches caches = Caches.builder().build()) {
            Products products = caches.proxy(Products.class, shop);
            assertThat(products.bySku(null)).isEmpty();
            assertThat(products.bySku(null)).isEmpty();
            assertThat(shop.calls).containsExactly("bySku null", "bySku null");
        }
    }

    @Test
    void proxy_objectMethods_areThoseOfTheTarget() {
        try (Caches caches = Caches.builder().build()) {
            Products products = caches.proxy(Products.class, shop);
            assertThat(products).isEqualTo(caches.proxy(Products.class, shop)).hasSameHashCodeAs(shop);
            assertThat(products).isNotEqualTo(shop).hasToString("cached " + shop);
            assertThat(products.plain()).isEqualTo("plain false");
        }
    }

    @CacheConfig(name = "generic", policy = "reference")
    interface Repository<T, I> {
        @Cached
        T find(I id);
    }

    interface Names extends Repository<String, Long> {}

    @Test
    void cached_genericInterfaceAndCacheConfig_areResolved() {
        try (Caches caches = Caches.builder().build()) {
            List<Long> calls = new ArrayList<>();
            Names target = id -> {
                calls.add(id);
                return "name " + id;
            };
            assertThatThrownBy(() -> caches.proxy(Names.class, target)).hasMessageContaining("the cache has no name");
            NamesOfConfig config = target::find;
            NamesOfConfig names = caches.proxy(NamesOfConfig.class, config);
            names.find(7L);
            names.find(7L);
            assertThat(calls).containsExactly(7L);
            assertThat(caches.describe()).contains("generic: java.lang.Long -> java.lang.String, reference{");
        }
    }

    @CacheConfig(name = "generic", policy = "reference")
    interface NamesOfConfig extends Repository<String, Long> {}

    interface Marked {
        String label(String locale, long id);
    }

    static class MarkedTarget implements Marked {
        int calls;

        @Override
        @Cached(name = "label", ttl = "10m", localTtl = "30s", nullTtl = "0s")
        public String label(String locale, @CacheKey long id) {
            calls++;
            return locale + id;
        }
    }

    @Test
    void cached_annotationsOnTheClass_count() {
        try (Caches caches =
                Caches.builder().remote(new InMemoryRemoteTier().node()).build()) {
            MarkedTarget target = new MarkedTarget();
            Marked marked = caches.proxy(Marked.class, target);
            marked.label("en", 1);
            marked.label("de", 1);
            assertThat(target.calls).isEqualTo(1);
            assertThat(caches.describe()).contains("ttl=10m", "localTtl=30s", "nullTtl=0s");
        }
    }

    @Test
    void probe_readsInABlock_tellsWhereFrom() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches one = Caches.builder().remote(remote.node()).build();
                Caches two = Caches.builder().remote(remote.node()).build();
                CacheProbe probe = CacheProbe.open()) {
            shop.save(new Product("a", 1));
            one.proxy(Products.class, shop).bySku("a");
            one.proxy(Products.class, shop).bySku("a");
            two.proxy(Products.class, shop).bySku("a");
            assertThat(probe.answers())
                    .extracting(Answer::cache, Answer::level, Answer::reason)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("product", Answer.Level.LOAD, Answer.Reason.FRESH),
                            org.assertj.core.groups.Tuple.tuple("product", Answer.Level.L1, Answer.Reason.FRESH),
                            org.assertj.core.groups.Tuple.tuple("product", Answer.Level.L2, Answer.Reason.FRESH));
        }
    }
}
