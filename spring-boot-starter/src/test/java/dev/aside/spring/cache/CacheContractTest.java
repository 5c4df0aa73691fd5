package dev.aside.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.Caches;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.SimpleKey;

/** The contract of one process, and over a remote tier in memory. */
class CacheContractTest {

    @Nested
    class OfOneProcess extends InSetup {
        OfOneProcess() {
            super(Setup.LOCAL);
        }

        @Test
        void get_afterPut_isTheSameReference() {
            Object value = List.of("a");
            Cache cache = Objects.requireNonNull(manager().getCache("references"));
            cache.put("k", value);
            assertThat(value(cache.get("k"))).isSameAs(value);
        }

        @Test
        void invalidate_tellsWhetherThereWasAnything() {
            Cache cache = Objects.requireNonNull(manager().getCache("invalidated"));
            assertThat(cache.invalidate()).isFalse();
            cache.put("k", "value");
            assertThat(cache.invalidate()).isTrue();
            assertThat(cache.get("k")).isNull();
        }

        @Test
        void put_keyWithEqualityOfItsOwn_works() {
            Cache cache = Objects.requireNonNull(manager().getCache("own"));
            cache.put(new OwnEquality("a"), "value");
            assertThat(cache.get(new OwnEquality("a"), String.class)).isEqualTo("value");
        }
    }

    @Nested
    class OverARemoteTier extends InSetup {
        OverARemoteTier() {
            super(Setup.REMOTE);
        }

        @Test
        void put_keyWithEqualityOfItsOwn_isRefused() {
            Cache cache = Objects.requireNonNull(manager().getCache("own"));
            assertThatThrownBy(() -> cache.put(new OwnEquality("a"), "value"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a cache key of type " + OwnEquality.class.getName()
                            + " cannot be told to other nodes, so they would go on with old values [hint: key = \"#id\""
                            + " with a text, a number, a UUID, an enum, a date, a record or a list of those; or a"
                            + " KeyGenerator]");
        }
    }

    /** A tenant's key, say: what makes it differ is not ours to see. */
    static final class TenantKey extends SimpleKey {
        private static final long serialVersionUID = 1L;

        private final String tenant;

        TenantKey(String tenant, Object... parts) {
            super(parts);
            this.tenant = tenant;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof TenantKey that && tenant.equals(that.tenant) && super.equals(other);
        }
    }

    @Test
    void text_subclassOfSpringsKey_isRefused() {
        assertThatThrownBy(() -> SpringKeys.text(new TenantKey("a", 1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void text_arraysOfObjects_areEqualByWhatIsInThem() {
        Object[] objects = {"a", "b"};
        String[] strings = {"a", "b"};
        assertThat(SpringKeys.text(new SimpleKey(objects, 1)))
                .isEqualTo(SpringKeys.text(new SimpleKey(strings, 1)))
                .isNotEqualTo(SpringKeys.text(new SimpleKey(new Object[] {"a,b"}, 1)));
        assertThat(new SimpleKey(objects, 1)).isEqualTo(new SimpleKey(strings, 1));
    }

    @Test
    void getCache_namesAreListed_othersAreNull() {
        try (Caches caches = Caches.builder().build();
                AsideCacheManager manager = AsideCacheManager.builder(caches)
                        .cacheNames(List.of("a", "b"))
                        .build()) {
            assertThat(manager.getCacheNames()).containsExactly("a", "b");
            assertThat(manager.getCache("a")).isNotNull().isSameAs(manager.getCache("a"));
            assertThat(manager.getCache("c")).isNull();
            assertThat(manager.getCacheNames()).containsExactly("a", "b");
        }
    }

    @Test
    void settings_ofOneName_areItsOwn() {
        try (Caches caches = Caches.builder().build();
                AsideCacheManager manager = AsideCacheManager.builder(caches)
                        .policy("reference")
                        .settings(Map.of("a", new SpringCacheSettings("aggregate", null, null, null)))
                        .build()) {
            assertThat(policy(manager, "a")).isEqualTo("aggregate");
            assertThat(policy(manager, "b")).isEqualTo("reference");
        }
    }

    private static String policy(CacheManager manager, String name) {
        Cache cache = Objects.requireNonNull(manager.getCache(name));
        return ((dev.aside.cache.Cache<?, ?>) cache.getNativeCache()).policy().name();
    }

    /** A class as people write them for keys. */
    static final class OwnEquality {
        private final String id;

        OwnEquality(String id) {
            this.id = id;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof OwnEquality that && id.equals(that.id);
        }

        @Override
        public int hashCode() {
            return id.hashCode();
        }
    }

    abstract static class InSetup extends CacheContract {
        private final Caches caches;
        private final AsideCacheManager manager;

        InSetup(Setup setup) {
            caches = setup.caches();
            manager = setup.manager(caches).build();
        }

        @Override
        CacheManager manager() {
            return manager;
        }

        @AfterEach
        void close() {
            manager.close();
            caches.close();
        }
    }
}
