package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.InMemoryRemoteTier;
import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.Delivery;
import dev.aside.cache.spi.NodeCache;
import dev.aside.cache.spi.RemoteCache;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.offload.ExecutorClosedException;
import dev.aside.offload.OffloadExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class AsideShutdownAutoConfigurationTest {
    private final Witness witness = new Witness();
    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withBean(Witness.class, () -> witness)
            .withConfiguration(
                    AutoConfigurations.of(AsideAutoConfiguration.class, AsideShutdownAutoConfiguration.class));

    @Test
    void executorMadeFirst_contextCloses_endsBeforeTheCaches() {
        // without the rule, what was made first would end last
        boot.withUserConfiguration(Tier.class, ExecutorFirst.class)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(witness.ends).containsExactly("executor was closed");
    }

    @Test
    void executorPartOfTheCaches_contextCloses_endsAllTheSame() {
        boot.withUserConfiguration(Tier.class, CachesOnExecutor.class)
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(witness.ends).containsExactly("executor was closed");
    }

    @Test
    void beans_absent_orderIsNoMatter() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AsideShutdownAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed());
    }

    /** Asks the executor whether it is open when the tier ends, which it does with the caches. */
    private static final class Witness {
        private final List<String> ends = new ArrayList<>();
        private OffloadExecutor executor;

        void tierEnds() {
            try {
                executor.call("t", job -> 1);
                ends.add("executor was open");
            } catch (ExecutorClosedException e) {
                ends.add("executor was closed");
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ExecutorFirst {
        @Bean
        String user(OffloadExecutor executor, Witness witness) {
            witness.executor = executor;
            return "uses the executor";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class CachesOnExecutor {
        @Bean
        CachesCustomizer customizer(OffloadExecutor executor, Witness witness) {
            witness.executor = executor;
            return builder -> {};
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Tier {
        @Bean
        RemoteTier tier(Witness witness) {
            return new WatchedTier(witness::tierEnds);
        }
    }

    /** A tier that says when it ends for the first time: the caches end it, and then the context does. */
    private static final class WatchedTier implements RemoteTier {
        private final RemoteTier tier = new InMemoryRemoteTier().node();
        private final Runnable onClose;
        private boolean closed;

        WatchedTier(Runnable onClose) {
            this.onClose = onClose;
        }

        @Override
        public RemoteCache open(CacheSpec spec, NodeCache node) {
            return tier.open(spec, node);
        }

        @Override
        public CompletionStage<Delivery> invalidate(String cache, Collection<?> keys) {
            return tier.invalidate(cache, keys);
        }

        @Override
        public CompletionStage<Delivery> clear(String cache) {
            return tier.clear(cache);
        }

        @Override
        public Duration staleBound() {
            return tier.staleBound();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                onClose.run();
            }
            tier.close();
        }
    }
}
