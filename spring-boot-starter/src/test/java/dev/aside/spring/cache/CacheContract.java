package dev.aside.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.cache.support.NullValue;

/** What Spring documents of {@link Cache}, whatever is behind it. */
abstract class CacheContract {
    record Key(String name, int number) {}

    private final String name = "contract-" + UUID.randomUUID();

    abstract CacheManager manager();

    private Cache cache() {
        Cache cache = manager().getCache(name);
        assertThat(cache).isNotNull();
        return cache;
    }

    @Test
    void getCache_sameName_isTheSameObject() {
        assertThat(cache()).isSameAs(cache());
        assertThat(cache().getName()).isEqualTo(name);
        assertThat(manager().getCacheNames()).contains(name);
        assertThat(cache().getNativeCache()).isInstanceOf(dev.aside.cache.Cache.class);
    }

    @Test
    void get_afterPut_isTheValue() {
        assertThat(cache().get("k")).isNull();
        assertThat(cache().get("k", String.class)).isNull();
        cache().put("k", "value");
        assertThat(value(cache().get("k"))).isEqualTo("value");
        assertThat(cache().get("k", String.class)).isEqualTo("value");
        cache().put("k", "other");
        assertThat(value(cache().get("k"))).isEqualTo("other");
    }

    @Test
    void get_otherType_isRefused() {
        cache().put("k", "value");
        assertThatThrownBy(() -> cache().get("k", Integer.class)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void put_null_isAHitOfNull() {
        cache().put("k", null);
        assertThat(cache().get("k")).isNotNull();
        assertThat(value(cache().get("k"))).isNull();
        assertThat(cache().get("k", String.class)).isNull();
        cache().put("foreign", NullValue.INSTANCE);
        assertThat(value(cache().get("foreign"))).isNull();
        assertThat(cache().<String>get("k", () -> "not called")).isNull();
    }

    @Test
    void getWithLoader_missing_loadsOnce() {
        AtomicInteger loads = new AtomicInteger();
        assertThat(cache().<String>get("k", () -> "value " + loads.incrementAndGet()))
                .isEqualTo("value 1");
        assertThat(cache().<String>get("k", () -> "value " + loads.incrementAndGet()))
                .isEqualTo("value 1");
        assertThat(cache().<String>get("null", () -> null)).isNull();
        assertThat(cache().get("null")).isNotNull();
    }

    @Test
    void getWithLoader_loaderFails_isARetrievalException() {
        assertThatThrownBy(() -> cache().get("k", () -> {
                    throw new java.io.IOException("away");
                }))
                .isInstanceOfSatisfying(ValueRetrievalException.class, e -> {
                    assertThat(e.getKey()).isEqualTo("k");
                    assertThat(e).hasRootCauseMessage("away").hasCauseInstanceOf(java.io.IOException.class);
                });
        assertThat(cache().get("k")).isNull();
    }

    @Test
    void putIfAbsent_present_leavesIt() {
        assertThat(cache().putIfAbsent("k", "first")).isNull();
        assertThat(value(cache().putIfAbsent("k", "second"))).isEqualTo("first");
        assertThat(value(cache().get("k"))).isEqualTo("first");
        cache().put("null", null);
        ValueWrapper there = cache().putIfAbsent("null", "value");
        assertThat(there).isNotNull();
        assertThat(there.get()).isNull();
    }

    @Test
    void evict_present_isGone() {
        cache().put("k", "value");
        cache().put("other", "value");
        cache().evict("k");
        cache().evict("never there");
        assertThat(cache().get("k")).isNull();
        assertThat(cache().get("other")).isNotNull();
        assertThat(cache().evictIfPresent("k")).isFalse();
        assertThat(cache().evictIfPresent("other")).isTrue();
        assertThat(cache().get("other")).isNull();
    }

    @Test
    void clear_allAreGone() {
        cache().put("k", "value");
        cache().clear();
        assertThat(cache().get("k")).isNull();
        assertThat(cache().<String>get("k", () -> "again")).isEqualTo("again");
        cache().invalidate();
        assertThat(cache().get("k")).isNull();
    }

    @Test
    void retrieve_missing_isNull_elseWrapped() {
        assertThat(cache().retrieve("k").join()).isNull();
        cache().put("k", "value");
        assertThat(cache().retrieve("k").join())
                .isInstanceOfSatisfying(
                        ValueWrapper.class, found -> assertThat(found.get()).isEqualTo("value"));
        cache().put("null", null);
        assertThat(cache().retrieve("null").join())
                .isInstanceOfSatisfying(
                        ValueWrapper.class, found -> assertThat(found.get()).isNull());
    }

    @Test
    void retrieveWithLoader_missing_loadsOnce() {
        AtomicInteger loads = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            assertThat(cache().retrieve("k", () -> CompletableFuture.completedFuture(loads.incrementAndGet()))
                            .join())
                    .isEqualTo(1);
        }
        assertThatThrownBy(() -> cache().retrieve(
                                "failing", () -> CompletableFuture.failedFuture(new IllegalStateException("away")))
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("away");
        assertThat(cache().<String>retrieve("null", () -> CompletableFuture.completedFuture(null))
                        .join())
                .isNull();
        assertThat(cache().get("null")).isNotNull();
    }

    @Test
    void retrieveWithLoader_failure_isNotKept() {
        assertThatThrownBy(() -> cache().retrieve("k", () -> CompletableFuture.failedFuture(new Exception("away")))
                        .join())
                .isInstanceOf(CompletionException.class);
        assertThat(cache().<String>retrieve("k", () -> CompletableFuture.completedFuture("value"))
                        .join())
                .isEqualTo("value");
    }

    static Stream<Object> keys() {
        return Stream.of(
                "text",
                "#text",
                "",
                42,
                42L,
                'c',
                true,
                1.5,
                UUID.fromString("0e4ac9e4-8a5f-4a23-9d36-6f0d6a1bcd3e"),
                DayOfWeek.MONDAY,
                LocalDate.of(2026, 11, 26),
                SimpleKey.EMPTY,
                new SimpleKey("a", 1L, null),
                new SimpleKey("a,1", new Object[] {"x", 2}),
                new Key("name, (odd)\\", 7),
                List.of("a", 1),
                List.of(),
                List.of(""),
                List.of(List.of()),
                Currency.getInstance("GBP"),
                Locale.UK,
                Duration.ofMinutes(1),
                ZoneId.of("Europe/Berlin"),
                String.class,
                new SimpleKey(1, 2),
                new SimpleKey(List.of(1, 2), 3),
                new SimpleKey("1", "2"),
                Arrays.asList("a", null));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void put_keyOfAnyType_isFoundByThatKeyAlone(Object key) {
        cache().put(key, "value");
        assertThat(value(cache().get(key))).isEqualTo("value");
        keys().filter(other -> !other.equals(key))
                .forEach(other -> assertThat(cache().get(other)).as("%s", other).isNull());
        cache().evict(key);
        assertThat(cache().get(key)).isNull();
    }

    @Test
    void put_keyEqualToItselfAlone_staysHere() {
        Object key = new Object();
        cache().put(key, "value");
        assertThat(value(cache().get(key))).isEqualTo("value");
        assertThat(cache().get(new Object())).isNull();
        cache().evict(key);
        assertThat(cache().get(key)).isNull();
        cache().put(key, "value");
        cache().clear();
        assertThat(cache().get(key)).isNull();
    }

    @Test
    void getCache_nameWithAnyCharacters_works() {
        Cache odd = manager().getCache("com.acme.Books::all {odd} " + name);
        assertThat(odd).isNotNull();
        odd.put("k", "value");
        assertThat(odd.get("k", String.class)).isEqualTo("value");
        assertThat(odd.getName()).startsWith("com.acme.Books::all {odd} ");
    }

    static @Nullable Object value(@Nullable ValueWrapper wrapper) {
        assertThat(wrapper).isNotNull();
        return wrapper.get();
    }
}
