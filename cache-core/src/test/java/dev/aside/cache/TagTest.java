package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.CachePut;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import dev.aside.testkit.FakeTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries invalidated together, by the tags they were kept under. */
class TagTest {
    private static final TtlPolicy TAGGING = TtlPolicy.named("tagging")
            .tagsFrom(value -> List.of("all", "first:" + ((String) value).charAt(0)))
            .build();

    enum Kind {
        BOOK,
        TEA
    }

    record Item(String sku, Kind kind, List<String> labels) {}

    interface Items {
        @Cached(
                name = "item",
                tags = {"kind:{result.kind}", "label:{result.labels}", "sku {key}"})
        Optional<Item> bySku(String sku);

        @CachedBatch(
                name = "item",
                keyOf = "sku",
                tags = {"kind:{result.kind}", "label:{result.labels}", "sku {key}"})
        List<Item> bySkus(Collection<String> skus);

        @CachePut(
                name = "item",
                key = "item.sku",
                value = "item",
                tags = {"kind:{result.kind}", "label:{result.labels}", "sku {key}"})
        void save(Item item);

        @CacheInvalidate(name = "item", tags = "kind:{kind}")
        void repriced(Kind kind);

        @CacheInvalidate(name = "item", tags = "label:{result}")
        String relabelled(String label);

        @CacheInvalidate(name = "item", tags = "label:{result}")
        CompletableFuture<List<String>> relabelledLater(boolean fails);
    }

    private final Map<String, Item> database = new LinkedHashMap<>();
    private final List<String> loads = new ArrayList<>();

    private final class Table implements Items {
        @Override
        public Optional<Item> bySku(String sku) {
            loads.add(sku);
            return Optional.ofNullable(database.get(sku));
        }

        @Override
        public List<Item> bySkus(Collection<String> skus) {
            loads.addAll(skus);
            return skus.stream().map(database::get).toList();
        }

        @Override
        public void save(Item item) {
            database.put(item.sku, item);
        }

        @Override
        public void repriced(Kind kind) {}

        @Override
        public String relabelled(String label) {
            return label;
        }

        @Override
        public CompletableFuture<List<String>> relabelledLater(boolean fails) {
            return fails
                    ? CompletableFuture.failedFuture(new IllegalStateException("no"))
                    : CompletableFuture.completedFuture(List.of("old", "new"));
        }
    }

    private Items items(Caches caches) {
        database.put("a", new Item("a", Kind.BOOK, List.of("new", "cheap")));
        database.put("b", new Item("b", Kind.BOOK, List.of()));
        database.put("c", new Item("c", Kind.TEA, List.of("new")));
        Items items = caches.proxy(Items.class, new Table());
        items.bySku("a");
        items.bySkus(List.of("b", "c"));
        loads.clear();
        return items;
    }

    private List<String> gone(Items items) {
        loads.clear();
        items.bySku("a");
        items.bySku("b");
        items.bySku("c");
        return List.copyOf(loads);
    }

    @ParameterizedTest
    @EnumSource
    void invalidateTag_programmatic_takesWhatCarriesItAndNothingElse(Level level) {
        try (Caches caches = level.caches().policy(TAGGING).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "tagging");
            cache.get("1", key -> "apple");
            cache.get("2", key -> "avocado");
            cache.put("3", "pear");
            cache.invalidateTag("first:a");

            assertThat(cache.peek("1")).isNull();
            assertThat(cache.get("1", key -> "b")).isEqualTo("b");
            assertThat(cache.get("2", key -> "b")).isEqualTo("b");
            assertThat(cache.get("3", key -> "b")).isEqualTo("pear");
            cache.invalidateTagAsync("all").join();
            assertThat(cache.asMap()).isEmpty();
            assertThat(cache.get("3", key -> "b")).isEqualTo("b");
        }
    }

    @ParameterizedTest
    @EnumSource
    void annotations_singleBatchAndPut_shareTags(Level level) {
        try (Caches caches = level.caches().build()) {
            Items items = items(caches);
            items.repriced(Kind.BOOK);
            assertThat(gone(items)).containsExactly("a", "b");
            items.relabelled("new");
            assertThat(gone(items)).containsExactly("a", "c");
            caches.invalidateTags("item", List.of("sku b", "sku none"));
            assertThat(gone(items)).containsExactly("b");
            items.relabelledLater(false).join();
            assertThat(gone(items)).containsExactly("a", "c");
            assertThatThrownBy(() -> items.relabelledLater(true).join()).hasMessageContaining("no");
            assertThat(gone(items)).as("a failed method has no result").isEmpty();

            items.save(new Item("b", Kind.TEA, List.of()));
            items.repriced(Kind.TEA);
            assertThat(gone(items)).containsExactly("b", "c");
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_tagInvalidatedDuringLoad_isNotKept(Level level) {
        AtomicReference<String> row = new AtomicReference<>("old");
        try (Caches caches = level.caches().policy(TAGGING).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "tagging");
            Gate gate = new Gate();
            CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                String read = row.get();
                gate.pass();
                return read;
            }));
            gate.awaitArrival();
            row.set("new");
            cache.invalidateTag("all");
            gate.open();

            assertThat(reader.join()).isEqualTo("old");
            assertThat(cache.peek("k")).isNull();
            assertThat(cache.get("k", key -> row.get())).isEqualTo("new");
            assertThat(cache.stats().fillsRefused()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_afterTagInvalidation_doesNotJoinOldLoad(Level level) {
        try (Caches caches = level.caches().policy(TAGGING).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "tagging");
            Gate gate = new Gate();
            CompletableFuture<String> early = CompletableFuture.supplyAsync(() -> cache.get("k", key -> {
                gate.pass();
                return "old";
            }));
            gate.awaitArrival();
            cache.invalidateTag("all");

            assertThat(cache.get("k", key -> "new")).isEqualTo("new");
            gate.open();
            early.join();
            assertThat(cache.get("k", key -> "again")).isNotEqualTo("old");
        }
    }

    /** A value that was stale-if-error's last resort is not one any more. */
    @ParameterizedTest
    @EnumSource
    void staleIfError_tagInvalidatedDuringFailingLoad_isNotServed(Level level) {
        FakeTicker ticker = FakeTicker.create();
        TtlPolicy policy = TtlPolicy.named("stale")
                .ttl(Duration.ofSeconds(10))
                .staleIfError(Duration.ofHours(1))
                .tagsFrom(value -> List.of("all"))
                .build();
        try (Caches caches = level.caches(ticker).policy(policy).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "stale");
            cache.get("k", key -> "old");
            ticker.advance(Duration.ofSeconds(11));
            assertThatThrownBy(() -> cache.get("k", key -> {
                        cache.invalidateTag("all");
                        throw new IllegalStateException("down");
                    }))
                    .hasMessage("down");
            assertThatThrownBy(() -> cache.get("k", key -> {
                        throw new IllegalStateException("still down");
                    }))
                    .hasMessage("still down");
        }
    }

    @Test
    void invalidateTag_otherNode_followsAndServesTheTagFromTheRemoteTier() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches here =
                        Caches.builder().policy(TAGGING).remote(remote.node()).build();
                Caches there =
                        Caches.builder().policy(TAGGING).remote(remote.node()).build()) {
            Cache<String, String> loading = here.cache("c", String.class, String.class, "tagging");
            Cache<String, String> reading = there.cache("c", String.class, String.class, "tagging");
            loading.get("k", key -> "apple");
            assertThat(reading.get("k", key -> "unused")).isEqualTo("apple");
            here.invalidateTags("c", List.of("first:a"));

            assertThat(reading.peek("k"))
                    .as("its copy came from the tier, with its tags")
                    .isNull();
            assertThat(reading.get("k", key -> "banana")).isEqualTo("banana");
        }
    }

    @Test
    void invalidateTag_tierUnreachable_tellsWhichTag() {
        InMemoryRemoteTier remote = new InMemoryRemoteTier();
        try (Caches caches = Caches.builder().remote(remote.node()).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            remote.unreachable(true);
            assertThatThrownBy(() -> cache.invalidateTag("t"))
                    .isInstanceOfSatisfying(InvalidationPendingException.class, pending -> {
                        assertThat(pending.tags()).containsExactly("t");
                        assertThat(pending.keys()).isEmpty();
                    })
                    .hasMessageStartingWith("an invalidation of what carries one of 1 tag(s) of cache 'c' could not");
        }
    }

    @ParameterizedTest
    @EnumSource
    void invalidateTag_ofAnotherCache_touchesNothing(Level level) {
        try (Caches caches = level.caches().policy(TAGGING).build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class, "tagging");
            cache.get("k", key -> {
                caches.invalidateTags("another", List.of("all"));
                return "v";
            });
            caches.invalidateTags("another", List.of("all"));
            assertThat(cache.peek("k")).isEqualTo("v");
        }
    }

    @Test
    void invalidateTag_blank_isRefused() {
        try (Caches caches = Caches.builder().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            assertThatThrownBy(() -> cache.invalidateTag(" "))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a blank text is not a tag [hint: \"country:GB\"]");
            assertThatThrownBy(() -> cache.invalidateTagAsync("")).isExactlyInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> caches.invalidateTags("c", List.of("")))
                    .isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }

    interface Orders {
        @Cached(name = "order")
        String find(String key);

        @CacheInvalidate(name = "order", key = "key", tags = "label:{result.label}")
        Labelled save(String key);

        @CacheInvalidate(name = "order", key = "key", tags = "label:{result.label}")
        Optional<Labelled> saveMaybe(String key);
    }

    interface Labelled {
        String label();
    }

    @ParameterizedTest
    @EnumSource
    void lateTag_cannotBeRead_theKeyIsInvalidatedAllTheSame(Level level) {
        try (Caches caches = level.caches().build()) {
            Labelled broken = () -> {
                throw new IllegalStateException("no label");
            };
            AtomicReference<String> row = new AtomicReference<>("old");
            Orders orders = caches.proxy(Orders.class, new Orders() {
                @Override
                public String find(String key) {
                    return row.get();
                }

                @Override
                public Labelled save(String key) {
                    row.set("new");
                    return broken;
                }

                @Override
                public Optional<Labelled> saveMaybe(String key) {
                    row.set("newest");
                    return Optional.of(() -> "fine");
                }
            });
            orders.find("k");
            assertThatThrownBy(() -> orders.save("k")).hasMessage("no label");
            assertThat(orders.find("k")).isEqualTo("new");
            orders.saveMaybe("k");
            assertThat(orders.find("k")).isEqualTo("newest");
        }
    }
}
