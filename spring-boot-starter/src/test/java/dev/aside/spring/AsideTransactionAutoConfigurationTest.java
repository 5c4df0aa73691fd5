package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.spi.TransactionBridge;
import dev.aside.spring.transaction.SpringTransactionBridge;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

class AsideTransactionAutoConfigurationTest {
    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(AsideAutoConfiguration.class, AsideTransactionAutoConfiguration.class));

    @Test
    void imports_readByBoot_nameIt() {
        assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()))
                .contains(AsideTransactionAutoConfiguration.class.getName());
    }

    @Test
    void caches_withSpringTransactions_followThem() {
        boot.run(context -> {
            assertThat(context).hasSingleBean(SpringTransactionBridge.class);
            Cache<String, String> cache = context.getBean(Caches.class).cache("c", String.class, String.class);
            cache.get("a", key -> "old");
            TransactionSynchronizationManager.setActualTransactionActive(true);
            TransactionSynchronizationManager.initSynchronization();
            try {
                cache.invalidateAll(List.of("a"));
                assertThat(cache.stats().invalidations()).isZero();
                TransactionSynchronizationUtils.triggerAfterCommit();
                assertThat(cache.stats().invalidations()).isEqualTo(1);
                TransactionSynchronizationUtils.triggerAfterCompletion(TransactionSynchronization.STATUS_COMMITTED);
            } finally {
                TransactionSynchronizationManager.clear();
            }
            assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
        });
    }

    @Test
    void bridgeOfTheUser_wins() {
        boot.withUserConfiguration(OwnBridge.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(TransactionBridge.class)
                        .hasBean("ownBridge"));
    }

    @Test
    void context_withoutSpringTx_hasCachesAndNoBridge() {
        boot.withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Caches.class)
                        .doesNotHaveBean(TransactionBridge.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBridge {
        @Bean
        TransactionBridge ownBridge() {
            return new SpringTransactionBridge();
        }
    }
}
