package dev.aside.spring;

import dev.aside.cache.Caches;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.offload.OffloadExecutor;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Has things end in the right order: the executor first, whose unfinished jobs may use caches, then the caches, then the
 * tier behind them. Beans end only when the web server has answered its last request.
 */
@AutoConfiguration(after = AsideAutoConfiguration.class)
public final class AsideShutdownAutoConfiguration {

    @Bean
    static SmartInitializingSingleton asideShutdownOrder(ConfigurableListableBeanFactory beans) {
        return () -> {
            endFirst(beans, OffloadExecutor.class, Caches.class);
            endFirst(beans, Caches.class, RemoteTier.class);
        };
    }

    /**
     * Told to Spring when the beans are there, so that it changes nothing about the order in which they are made: what
     * the caches are made of may well want the executor.
     */
    private static void endFirst(ConfigurableListableBeanFactory beans, Class<?> first, Class<?> last) {
        for (String later : beans.getBeanNamesForType(last, false, false)) {
            for (String earlier : beans.getBeanNamesForType(first, false, false)) {
                beans.registerDependentBean(later, earlier);
            }
        }
    }
}
