package dev.aside.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.spi.TransactionBridge;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.ResourceHolderSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The bridge in applications that lack what it knows of. */
class OptionalLibrariesTest {
    private static final Class<?>[] NEEDED = {
        SpringTransactionBridge.class, Use.class, TransactionBridge.class,
        TransactionSynchronizationManager.class, Ordered.class, LogFactory.class
    };

    @Test
    void bridge_withoutJdbcAndJpa_works() throws Exception {
        assertUsable("org.springframework.jdbc.datasource.ConnectionHolder");
    }

    @Test
    void bridge_withoutJpa_works() throws Exception {
        assertUsable("org.springframework.orm.jpa.EntityManagerHolder", ConnectionHolder.class);
    }

    private static void assertUsable(String missing, Class<?>... also) throws Exception {
        URL[] libraries = Stream.concat(Arrays.stream(NEEDED), Arrays.stream(also))
                .map(one -> one.getProtectionDomain().getCodeSource().getLocation())
                .distinct()
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(libraries, ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> loader.loadClass(missing)).isInstanceOf(ClassNotFoundException.class);
            Callable<?> use = (Callable<?>)
                    loader.loadClass(Use.class.getName()).getConstructor().newInstance();
            assertThat(use.call()).isEqualTo("loaded REPEATABLE_READ UNKNOWN COMMITTED");
        }
    }

    /** Everything that looks at what is bound to the thread. */
    public static final class Use implements Callable<String> {
        private final SpringTransactionBridge bridge = new SpringTransactionBridge();
        private final StringBuilder seen = new StringBuilder();

        @Override
        public String call() throws Exception {
            TransactionSynchronizationManager.bindResource("a factory", new ResourceHolderSupport() {});
            seen.append(load());
            TransactionSynchronizationManager.setActualTransactionActive(true);
            TransactionSynchronizationManager.setCurrentTransactionIsolationLevel(
                    TransactionDefinition.ISOLATION_READ_COMMITTED);
            TransactionSynchronizationManager.initSynchronization();
            seen.append(' ').append(bridge.isolation());
            TransactionSynchronizationManager.unbindResource("a factory");
            TransactionSynchronizationManager.setCurrentTransactionIsolationLevel(null);
            seen.append(' ').append(bridge.isolation());
            bridge.afterCompletion(completion -> seen.append(' ').append(completion));
            for (TransactionSynchronization one : TransactionSynchronizationManager.getSynchronizations()) {
                one.beforeCommit(false);
                one.afterCompletion(TransactionSynchronization.STATUS_COMMITTED);
            }
            TransactionSynchronizationManager.clear();
            return seen.toString();
        }

        private String load() throws Exception {
            try {
                return bridge.fresh(() -> "loaded");
            } catch (Exception e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
