package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.annotation.Aggregate;
import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.CacheKey;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import dev.aside.cache.annotation.CallCondition;
import dev.aside.cache.annotation.KeyGenerator;
import dev.aside.cache.annotation.ReferenceData;
import dev.aside.cache.annotation.ResultCondition;
import dev.aside.cache.annotation.UserPermissions;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Conditions, key generators, split batches and annotations on annotations. */
class AnnotationTest {

    /** Callers who ask for page 0 are the only ones worth a cache. */
    public static final class FirstPage implements CallCondition {
        @Override
        public boolean test(Method method, List<Object> arguments) {
            return arguments.get(1).equals(0);
        }
    }

    public static final class Empty implements ResultCondition<Collection<?>> {
        @Override
        public boolean test(Collection<?> value) {
            return value == null || value.isEmpty();
        }
    }

    public static final class Blank implements ResultCondition<CharSequence> {
        @Override
        public boolean test(CharSequence value) {
            return value == null || value.toString().isBlank();
        }
    }

    public static final class FirstWord implements KeyGenerator<String> {
        @Override
        public String key(Method method, List<Object> arguments) {
            String text = (String) arguments.get(0);
            return text.isEmpty() ? null : text.split(" ", 2)[0].toLowerCase(Locale.ROOT);
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @CacheInvalidate(name = "names")
    @CacheInvalidate(name = "lists", allEntries = true)
    @interface Forgets {}

    @Retention(RetentionPolicy.RUNTIME)
    @ReferenceData(name = "countries", ttl = "20m")
    @interface Country {
        String key() default "";
    }

    interface Shop {
        @Cached(name = "pages", condition = FirstPage.class)
        String page(String topic, int page);

        @Cached(name = "lists", unless = Empty.class)
        List<String> list(String key);

        @Cached(name = "names", unless = Blank.class)
        CompletableFuture<Optional<String>> name(String key);

        @Cached(name = "search", keyGenerator = FirstWord.class)
        String search(String text);

        @CacheInvalidate(name = "search", keyGenerator = FirstWord.class)
        void index(String text);

        @CachedBatch(name = "batch", maxBatch = 2, unless = Blank.class)
        Map<Integer, String> all(List<Integer> ids);

        @CachedBatch(name = "batch", maxBatch = 3)
        CompletionStage<Map<Integer, String>> allLater(Collection<Integer> ids);

        @Country(key = "code")
        String country(String code, Locale language);

        @UserPermissions(name = "permission")
        String permission(String user);

        @Aggregate(name = "total", ttl = "60s")
        Long total();

        @Forgets
        void forget(@CacheKey String key, int reason);
    }

    static class Calls implements Shop {
        final List<String> calls = new ArrayList<>();

        @Override
        public String page(String topic, int page) {
            calls.add("page " + page);
            return topic + page;
        }

        @Override
        public List<String> list(String key) {
            calls.add("list " + key);
            return key.equals("none") ? List.of() : List.of(key);
        }

        @Override
        public CompletableFuture<Optional<String>> name(String key) {
            calls.add("name " + key);
            return CompletableFuture.completedFuture(key.equals("nobody") ? Optional.empty() : Optional.of(key));
        }

        @Override
        public String search(String text) {
            calls.add("search " + text);
            return text;
        }

        @Override
        public void index(String text) {}

        @Override
        public Map<Integer, String> all(List<Integer> ids) {
            calls.add("all " + ids);
            Map<Integer, String> found = new LinkedHashMap<>();
            ids.forEach(id -> found.put(id, id == 9 ? "" : "v" + id));
            return found;
        }

        @Override
        public CompletionStage<Map<Integer, String>> allLater(Collection<Integer> ids) {
            return CompletableFuture.completedStage(all(List.copyOf(ids)));
        }

        @Override
        public String country(String code, Locale language) {
            calls.add("country " + code);
            return code;
        }

        @Override
        public String permission(String user) {
            return user;
        }

        @Override
        public Long total() {
            return 1L;
        }

        @Override
        public void forget(String key, int reason) {}
    }

    private final Calls calls = new Calls();

    @ParameterizedTest
    @EnumSource
    void condition_false_goesPastTheCacheBothWays(Level level) {
        try (Caches caches = level.caches().build()) {
            Shop shop = caches.proxy(Shop.class, calls);
            shop.page("tea", 0);
            shop.page("tea", 0);
            shop.page("tea", 1);
            shop.page("tea", 1);
            assertThat(calls.calls).containsExactly("page 0", "page 1", "page 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void unless_true_givesTheValueAndKeepsItNowhere(Level level) {
        try (Caches caches = level.caches().build()) {
            Shop shop = caches.proxy(Shop.class, calls);
            assertThat(shop.list("none")).isEmpty();
            assertThat(shop.list("none")).isEmpty();
            shop.list("some");
            shop.list("some");
            assertThat(shop.name("nobody").join()).isEmpty();
            assertThat(shop.name("nobody").join()).isEmpty();
            shop.name("eve").join();
            shop.name("eve").join();
            assertThat(calls.calls)
                    .containsExactly("list none", "list none", "list some", "name nobody", "name nobody", "name eve");
        }
    }

    @ParameterizedTest
    @EnumSource
    void keyGenerator_sameKey_isTheSameEntryForReadsAndWrites(Level level) {
        try (Caches caches = level.caches().build()) {
            Shop shop = caches.proxy(Shop.class, calls);
            assertThat(shop.search("Tea green")).isEqualTo("Tea green");
            assertThat(shop.search("tea black")).isEqualTo("Tea green");
            shop.index("TEA white");
            assertThat(shop.search("tea black")).isEqualTo("tea black");
            shop.search("");
            shop.search("");
            assertThat(calls.calls).containsExactly("search Tea green", "search tea black", "search ", "search ");
            assertThat(caches.describe()).contains("search: java.lang.String -> java.lang.String");
        }
    }

    @ParameterizedTest
    @EnumSource
    void maxBatch_manyMissing_isSplitAndPutTogether(Level level) {
        try (Caches caches = level.caches().build()) {
            Shop shop = caches.proxy(Shop.class, calls);
            assertThat(shop.all(List.of(1, 2, 3, 9, 5)).keySet()).containsExactly(1, 2, 3, 9, 5);
            assertThat(shop.all(List.of(1, 9))).containsEntry(9, "");
            assertThat(shop.allLater(List.of(1, 11, 12, 13, 14))
                            .toCompletableFuture()
                            .join())
                    .hasSize(5)
                    .containsEntry(14, "v14");
            assertThat(shop.all(List.of())).isEmpty();
            assertThat(calls.calls)
                    .containsExactly("all [1, 2]", "all [3, 9]", "all [5]", "all [9]", "all [11, 12, 13]", "all [14]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void metaAnnotation_ofOurs_bringsItsPolicyAndTakesTheAttributes(Level level) {
        try (Caches caches = level.caches().build()) {
            Shop shop = caches.proxy(Shop.class, calls);
            assertThat(caches.describe())
                    .contains("countries: java.lang.String -> java.lang.String, reference{ttl=20m")
                    .contains("permission: java.lang.String -> java.lang.String, permissions{")
                    .contains("total:  -> java.lang.Long, aggregate{ttl=1m");
            shop.country("GB", Locale.ENGLISH);
            shop.country("GB", Locale.FRENCH);
            assertThat(calls.calls).containsExactly("country GB");
        }
    }

    @ParameterizedTest
    @EnumSource
    void metaAnnotation_withTwoInvalidations_doesBoth(Level level) {
        try (Caches caches = level.caches().build()) {
            Shop shop = caches.proxy(Shop.class, calls);
            shop.name("eve").join();
            shop.list("some");
            shop.forget("eve", 1);
            shop.name("eve").join();
            shop.list("some");
            assertThat(calls.calls).containsExactly("name eve", "list some", "name eve", "list some");
        }
    }

    @ParameterizedTest
    @EnumSource
    void getAsync_loaderAsksForItsOwnKey_isRefusedRatherThanNeverDone(Level level) {
        try (Caches caches = level.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            CompletableFuture<String> own =
                    cache.getAsync("k", key -> cache.getAsync("k", again -> CompletableFuture.completedFuture("x")));
            assertThatThrownBy(own::join).hasCauseInstanceOf(RecursiveLoadException.class);
            assertThat(cache.get("k", key -> "fine")).isEqualTo("fine");
        }
    }
}
