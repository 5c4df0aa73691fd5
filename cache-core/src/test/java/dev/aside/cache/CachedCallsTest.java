package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import dev.aside.cache.spi.CacheConfigurationException;
import dev.aside.cache.spi.MethodBody;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Annotated methods whose calls a framework intercepts. */
class CachedCallsTest {
    record Product(String sku) {}

    /** As repositories have it: the general method is declared far up, and called through there too. */
    interface Store<T> {
        <S extends T> S save(S entity);

        default @Nullable T find(String id) {
            return null;
        }
    }

    interface Products extends Store<Product> {
        @Override
        @CacheInvalidate(name = "product", key = "product.sku")
        <S extends Product> S save(S product);

        @Override
        @Cached(name = "product", key = "id")
        @Nullable Product find(String id);

        @CachedBatch(name = "product", key = "ids")
        Map<String, Product> findAll(Collection<String> ids);
    }

    static class Service {
        @Cached(name = "service", key = "id")
        public String find(String id) {
            return id;
        }

        @Cached(name = "protected", key = "id")
        protected String hidden(String id) {
            return id;
        }

        public String plain() {
            return "plain";
        }
    }

    static class Specific extends Service {
        @Override
        public String find(String id) {
            return super.find(id);
        }
    }

    static class Closed {
        @Cached(name = "closed", key = "id")
        public final String find(String id) {
            return id;
        }
    }

    private final List<String> calls = new ArrayList<>();

    private MethodBody body(Object result) {
        return arguments -> {
            calls.add(arguments.length == 0 ? "" : String.valueOf(arguments[0]));
            return result;
        };
    }

    @Test
    void invoke_classMethods_passTheirCaches() throws Throwable {
        try (Caches caches = Caches.builder().build()) {
            AnnotatedMethods methods = AnnotatedMethods.of(Service.class);
            CachedCalls service = caches.calls(methods);
            Method find = Service.class.getMethod("find", String.class);
            Method hidden = Service.class.getDeclaredMethod("hidden", String.class);
            assertThat(methods.contains(find)).isTrue();
            assertThat(methods.methods()).containsExactlyInAnyOrder(find, hidden);

            assertThat(service.invoke(find, new Object[] {"a"}, body("first"))).isEqualTo("first");
            assertThat(service.invoke(find, new Object[] {"a"}, body("second"))).isEqualTo("first");
            assertThat(service.invoke(hidden, new Object[] {"b"}, body("x"))).isEqualTo("x");
            assertThat(service.invoke(hidden, new Object[] {"b"}, body("y"))).isEqualTo("x");
            assertThat(service.invoke(Service.class.getMethod("plain"), null, body("plain")))
                    .isEqualTo("plain");
            assertThat(calls).containsExactly("a", "b", "");
        }
    }

    @Test
    void invoke_generalMethodOfASuperInterface_isTheAnnotatedOne() throws Throwable {
        try (Caches caches = Caches.builder().build()) {
            CachedCalls products = caches.calls(AnnotatedMethods.of(Products.class));
            Method find = Products.class.getMethod("find", String.class);
            Method general = Store.class.getMethod("save", Object.class);
            products.invoke(find, new Object[] {"a"}, body(new Product("a")));
            products.invoke(general, new Object[] {new Product("a")}, body(new Product("a")));
            products.invoke(find, new Object[] {"a"}, body(new Product("a")));
            assertThat(calls).containsExactly("a", "Product[sku=a]", "a");
        }
    }

    @Test
    void proxy_generalMethodOfASuperInterface_isTheAnnotatedOne() {
        try (Caches caches = Caches.builder().build()) {
            Products target = new Products() {
                @Override
                public <S extends Product> S save(S product) {
                    return product;
                }

                @Override
                public Product find(String id) {
                    calls.add(id);
                    return new Product(id);
                }

                @Override
                public Map<String, Product> findAll(Collection<String> ids) {
                    return Map.of();
                }
            };
            Products proxy = caches.proxy(Products.class, target);
            Store<Product> general = proxy;
            proxy.find("a");
            general.save(new Product("a"));
            general.find("a");
            general.find("a");
            assertThat(calls).containsExactly("a", "a");
        }
    }

    @Test
    void invoke_batch_asksTheBodyForTheMissingKeys() throws Throwable {
        try (Caches caches = Caches.builder().build()) {
            CachedCalls products = caches.calls(AnnotatedMethods.of(Products.class));
            Method find = Products.class.getMethod("find", String.class);
            Method findAll = Products.class.getMethod("findAll", Collection.class);
            products.invoke(find, new Object[] {"a"}, body(new Product("a")));
            MethodBody all = arguments -> {
                Collection<?> ids = (Collection<?>) arguments[0];
                calls.add(ids.toString());
                return ids.stream().collect(Collectors.toMap(id -> id, id -> new Product((String) id)));
            };
            assertThat(products.invoke(findAll, new Object[] {List.of("a", "b")}, all))
                    .isEqualTo(Map.of("a", new Product("a"), "b", new Product("b")));
            assertThat(calls).containsExactly("a", "[b]");
        }
    }

    @Test
    void of_overridingMethodWithoutAnnotations_isPlain() throws Exception {
        // as Spring and Jakarta have it for methods of classes: who overrides says it anew
        AnnotatedMethods methods = AnnotatedMethods.of(Specific.class);
        assertThat(methods.contains(Specific.class.getMethod("find", String.class)))
                .isFalse();
    }

    @Test
    void of_finalMethod_isRefused() {
        assertThatThrownBy(() -> AnnotatedMethods.of(Closed.class))
                .isInstanceOf(CacheConfigurationException.class)
                .hasMessage("a static, private or final method does not go through a proxy\n"
                        + "    for @Cached on Closed.find(String)"
                        + " [hint: make it an instance method that can be overridden]");
    }

    @Test
    void of_plainClass_isEmpty() {
        assertThat(AnnotatedMethods.of(String.class).isEmpty()).isTrue();
    }
}
