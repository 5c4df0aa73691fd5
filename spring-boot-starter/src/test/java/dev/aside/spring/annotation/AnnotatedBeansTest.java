package dev.aside.spring.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.AnnotatedMethods;
import dev.aside.cache.Caches;
import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import dev.aside.spring.AsideAnnotationAutoConfiguration;
import dev.aside.spring.AsideAutoConfiguration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Aside's annotations on beans of every kind. */
class AnnotatedBeansTest {
    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(AsideAutoConfiguration.class, AsideAnnotationAutoConfiguration.class));

    record Product(String sku, int price) {}

    interface Products {
        @Cached(name = "product", key = "sku")
        Product bySku(String sku);

        @CachedBatch(name = "product", key = "skus")
        Map<String, Product> bySkus(Collection<String> skus);

        @CacheInvalidate(name = "product", key = "product.sku")
        void save(Product product);
    }

    static class Shop implements Products {
        final List<String> calls = new ArrayList<>();

        @Override
        public Product bySku(String sku) {
            calls.add(sku);
            return new Product(sku, calls.size());
        }

        @Override
        public Map<String, Product> bySkus(Collection<String> skus) {
            calls.add(skus.toString());
            return skus.stream().collect(Collectors.toMap(Function.identity(), sku -> new Product(sku, 0)));
        }

        @Override
        public void save(Product product) {
            calls.add("save " + product.sku());
        }
    }

    static class Plain {
        int calls;

        @Cached(name = "plain", key = "id", ttl = "10m")
        public String find(String id) {
            return id + ++calls;
        }

        @Cached(name = "future", key = "id")
        public CompletableFuture<String> later(String id) {
            return CompletableFuture.completedFuture(id + ++calls);
        }

        String around(String id) {
            return find(id);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        Shop shop() {
            return new Shop();
        }

        @Bean
        Plain plain() {
            return new Plain();
        }

        @Bean
        FactoryBean<Products> made() {
            return new FactoryBean<>() {
                @Override
                public Products getObject() {
                    return new Shop();
                }

                @Override
                public Class<?> getObjectType() {
                    return Products.class;
                }
            };
        }
    }

    @Test
    void classBean_annotatedMethods_passTheirCaches() {
        boot.withUserConfiguration(Beans.class).run(context -> {
            Plain plain = context.getBean(Plain.class);
            assertThat(AopUtils.isCglibProxy(plain)).isTrue();
            assertThat(plain.find("a")).isEqualTo("a1");
            assertThat(plain.find("a")).isEqualTo("a1");
            assertThat(plain.later("b").join()).isEqualTo("b2");
            assertThat(plain.later("b").join()).isEqualTo("b2");
            assertThat(context.getBean(Caches.class).describe()).contains("plain: ", "ttl=10m");
        });
    }

    @Test
    void interfaceBean_annotationsOfTheInterface_count() {
        boot.withUserConfiguration(Beans.class)
                .run(context -> interfaceAnnotationsCount(context.getBean(Shop.class), context.getBean(Shop.class)));
    }

    @Test
    void interfaceBean_proxiedByInterface_annotationsCount() {
        boot.withUserConfiguration(Beans.class)
                .withPropertyValues("spring.aop.proxy-target-class=false")
                .run(context -> {
                    Products products = context.getBean("shop", Products.class);
                    assertThat(AopUtils.isJdkDynamicProxy(products)).isTrue();
                    interfaceAnnotationsCount(
                            products, org.springframework.test.util.AopTestUtils.<Shop>getTargetObject(products));
                });
    }

    @Test
    void factoryBean_whatItMakes_passesItsCaches() {
        boot.withUserConfiguration(Beans.class).run(context -> {
            Products products = context.getBean("made", Products.class);
            interfaceAnnotationsCount(
                    products, org.springframework.test.util.AopTestUtils.<Shop>getTargetObject(products));
        });
    }

    private static void interfaceAnnotationsCount(Products products, Products target) {
        Product first = products.bySku("a");
        assertThat(products.bySku("a")).isSameAs(first);
        assertThat(products.bySkus(List.of("a", "b"))).containsEntry("a", first).containsKey("b");
        products.save(first);
        products.bySku("a");
        Shop shop = (Shop) org.springframework.test.util.AopTestUtils.<Object>getTargetObject(target);
        assertThat(shop.calls).containsExactly("a", "[b]", "save a", "a");
    }

    @Test
    void annotations_disabled_doNothing() {
        boot.withUserConfiguration(Beans.class)
                .withPropertyValues("aside.annotations.enabled=false")
                .run(context -> {
                    Plain plain = context.getBean(Plain.class);
                    assertThat(AopUtils.isAopProxy(plain)).isFalse();
                    assertThat(plain.find("a")).isNotEqualTo(plain.find("a"));
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class ByHand {
        final Shop shop = new Shop();

        @Bean
        Products products(Caches caches) {
            return caches.proxy(Products.class, shop);
        }
    }

    @Test
    void proxyMadeByHand_isNotProxiedAgain() {
        boot.withUserConfiguration(ByHand.class).run(context -> {
            Products products = context.getBean(Products.class);
            assertThat(AopUtils.isAopProxy(products)).isFalse();
            products.bySku("a");
            products.bySku("a");
            assertThat(context.getBean(ByHand.class).shop.calls).containsExactly("a");
        });
    }

    static class Reactive {
        @Cached(name = "mono", key = "id")
        public Mono<String> find(String id) {
            return Mono.just(id);
        }
    }

    @Test
    void monoMethod_isRefusedAtStart() {
        boot.withBean(Reactive.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining(
                                "the return type reactor.core.publisher.Mono<java.lang.String> cannot be"
                                        + " cached: it can be read once or is not there yet"));
    }

    static class OtherType {
        @Cached(name = "plain", key = "id")
        public Integer number(String id) {
            return 1;
        }
    }

    @Test
    void annotationsThatContradict_failTheStart() {
        boot.withBean(Plain.class)
                .withBean(OtherType.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining("cache 'plain' holds values of type"));
    }

    @Test
    void selfInvocations_areFound() {
        assertThat(SelfInvocations.find(Plain.class, AnnotatedMethods.of(Plain.class)))
                .containsExactly("around() calls find()");
        assertThat(SelfInvocations.find(Shop.class, AnnotatedMethods.of(Shop.class)))
                .isEmpty();
    }

    static class KnowsItself extends Plain {
        private final KnowsItself self = this;

        String careful(String id) {
            return self.find(id);
        }
    }

    @Test
    void selfInvocations_classThatHoldsItsOwnProxy_isLeftAlone() {
        assertThat(SelfInvocations.find(KnowsItself.class, AnnotatedMethods.of(KnowsItself.class)))
                .isEmpty();
    }
}
