package dev.aside.spring;

import dev.aside.cache.spi.TransactionBridge;
import dev.aside.spring.transaction.SpringTransactionBridge;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Lets the caches follow Spring's transactions, unless there is a {@link TransactionBridge} already. */
@AutoConfiguration(before = AsideAutoConfiguration.class)
@ConditionalOnClass(TransactionSynchronizationManager.class)
public final class AsideTransactionAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(TransactionBridge.class)
    SpringTransactionBridge asideTransactionBridge() {
        return new SpringTransactionBridge();
    }
}
