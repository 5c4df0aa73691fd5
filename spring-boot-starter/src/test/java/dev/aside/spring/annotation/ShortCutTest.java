package dev.aside.spring.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Caches;
import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import dev.aside.spring.AsideAnnotationAutoConfiguration;
import dev.aside.spring.AsideAutoConfiguration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.NameMatchMethodPointcutAdvisor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cglib.proxy.Factory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** Hits that leave before Spring's chain, and what has a say in them all the same. */
class ShortCutTest {
    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(AsideAutoConfiguration.class, AsideAnnotationAutoConfiguration.class))
            .withUserConfiguration(Beans.class);

    static class Shop {
        final List<String> calls = new CopyOnWriteArrayList<>();

        @Cached(name = "price", key = "sku")
        public String price(String sku) {
            calls.add(sku);
            return sku + calls.size();
        }

        @CacheInvalidate(name = "price", key = "sku")
        public void change(String sku) {}

        public String plain(String text) {
            return text;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        Shop shop() {
            return new Shop();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Guarded {
        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static Advisor guard() {
            return counting(new CopyOnWriteArrayList<>());
        }
    }

    private static Advisor counting(List<String> heard) {
        NameMatchMethodPointcutAdvisor advisor = new NameMatchMethodPointcutAdvisor((MethodInterceptor) invocation -> {
            heard.add(invocation.getMethod().getName());
            return invocation.proceed();
        });
        advisor.setMappedName("price");
        advisor.setClassFilter(Shop.class::isAssignableFrom);
        advisor.setOrder(0);
        return advisor;
    }

    private static boolean hasShortCut(Object proxy) {
        return ((Factory) proxy).getCallback(0) instanceof ShortCut;
    }

    @Test
    void hit_isAnsweredAndCountedOnce_andAnInvalidationIsSeen() {
        boot.run(context -> {
            Shop shop = context.getBean(Shop.class);
            assertThat(hasShortCut(shop)).isTrue();
            assertThat(shop.price("a")).isEqualTo("a1");
            assertThat(shop.price("a")).isEqualTo("a1");
            assertThat(shop.price("a")).isEqualTo("a1");
            assertThat(shop.plain("x")).isEqualTo("x");
            var stats = context.getBean(Caches.class)
                    .cache("price", String.class, String.class)
                    .stats();
            assertThat(stats.localHits()).isEqualTo(2);
            assertThat(stats.loads()).isEqualTo(1);
            shop.change("a");
            assertThat(shop.price("a")).isEqualTo("a2");
        });
    }

    @Test
    void adviceInFrontOfTheCache_isNotPassedBy() {
        boot.withUserConfiguration(Guarded.class).run(context -> {
            Shop shop = context.getBean(Shop.class);
            assertThat(hasShortCut(shop)).isFalse();
            assertThat(shop.price("a")).isEqualTo("a1");
            assertThat(shop.price("a")).isEqualTo("a1");
        });
    }

    @Test
    void adviceAddedInFrontLater_isNotPassedBy() {
        boot.run(context -> {
            Shop shop = context.getBean(Shop.class);
            shop.price("a");
            shop.price("a");
            List<String> heard = new CopyOnWriteArrayList<>();
            ((Advised) shop).addAdvisor(0, counting(heard));
            assertThat(shop.price("a")).isEqualTo("a1");
            assertThat(heard).containsExactly("price");
        });
    }

    @Test
    void property_false_leavesProxiesAsTheyAre() {
        boot.withPropertyValues("aside.annotations.short-cut=false").run(context -> {
            Shop shop = context.getBean(Shop.class);
            assertThat(hasShortCut(shop)).isFalse();
            assertThat(shop.price("a")).isEqualTo(shop.price("a"));
        });
    }
}
