package dev.aside.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.Caches;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.AbstractReactiveTransactionManager;
import org.springframework.transaction.reactive.GenericReactiveTransaction;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Spring's annotations on reactive methods inside reactive transactions. */
class ReactiveTransactionTest {

    /** A database of one row, whose transactions see what they have written. */
    static class Database extends AbstractReactiveTransactionManager {
        private static final long serialVersionUID = 1L;

        private final transient AtomicReference<String> committed = new AtomicReference<>("old");
        private final transient AtomicReference<@Nullable String> uncommitted = new AtomicReference<>();

        Mono<String> read() {
            return TransactionSynchronizationManager.forCurrentTransaction()
                    .map(inside -> seenInside())
                    .onErrorResume(none -> Mono.fromSupplier(committed::get));
        }

        private String seenInside() {
            String own = uncommitted.get();
            return own == null ? committed.get() : own;
        }

        void write(String value) {
            uncommitted.set(value);
        }

        @Override
        protected Object doGetTransaction(TransactionSynchronizationManager manager) {
            return this;
        }

        @Override
        protected Mono<Void> doBegin(
                TransactionSynchronizationManager manager, Object transaction, TransactionDefinition definition) {
            return Mono.empty();
        }

        @Override
        protected Mono<Void> doCommit(TransactionSynchronizationManager manager, GenericReactiveTransaction status) {
            return Mono.fromRunnable(() -> {
                String written = uncommitted.getAndSet(null);
                if (written != null) {
                    committed.set(written);
                }
            });
        }

        @Override
        protected Mono<Void> doRollback(TransactionSynchronizationManager manager, GenericReactiveTransaction status) {
            return Mono.fromRunnable(() -> uncommitted.set(null));
        }
    }

    static class Books {
        private final Database database;

        Books(Database database) {
            this.database = database;
        }

        @Cacheable("books")
        public Mono<String> find(String id) {
            return database.read();
        }

        @CacheEvict("books")
        public Mono<Void> evict(String id) {
            return Mono.fromRunnable(() -> database.write("new"));
        }

        @CacheEvict(cacheNames = "books", allEntries = true, beforeInvocation = true)
        public Mono<Void> clearBefore(String id) {
            return Mono.fromRunnable(() -> database.write("new"));
        }

        @CachePut("books")
        public Mono<String> put(String id) {
            return Mono.fromSupplier(() -> {
                database.write("new");
                return "new";
            });
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Config {
        @Bean
        static CacheInterceptorReplacer replacer() {
            return new CacheInterceptorReplacer(() -> null);
        }

        @Bean
        Database database() {
            return new Database();
        }

        @Bean
        Books books(Database database) {
            return new Books(database);
        }
    }

    enum Write {
        EVICT,
        CLEAR_BEFORE,
        PUT;

        Mono<?> to(Books books) {
            return switch (this) {
                case EVICT -> books.evict("k");
                case CLEAR_BEFORE -> books.clearBefore("k");
                case PUT -> books.put("k");
            };
        }
    }

    private interface Work {
        void with(Books books, TransactionalOperator transaction);
    }

    private static void in(Setup setup, Work work) {
        try (Caches caches = setup.caches();
                AsideCacheManager manager = setup.manager(caches).build();
                AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(CacheManager.class, () -> manager, bean -> bean.setDestroyMethodName(""));
            context.register(Config.class);
            context.refresh();
            work.with(context.getBean(Books.class), TransactionalOperator.create(context.getBean(Database.class)));
        }
    }

    private static String read(Books books) {
        String found = Mono.defer(() -> books.find("k"))
                .subscribeOn(Schedulers.boundedElastic())
                .block(Duration.ofSeconds(20));
        return String.valueOf(found);
    }

    @ParameterizedTest
    @EnumSource
    void write_readBetweenItAndItsCommit_isNotKept(Setup setup) {
        for (Write write : Write.values()) {
            in(setup, (books, transaction) -> {
                assertThat(read(books)).isEqualTo("old");
                Mono<String> between = transaction.transactional(write.to(books)
                        .then(Mono.fromSupplier(() -> read(books)).subscribeOn(Schedulers.boundedElastic())));
                assertThat(between.block(Duration.ofSeconds(20)))
                        .as("%s, before the commit", write)
                        .isEqualTo("old");
                assertThat(read(books)).as("%s", write).isEqualTo("new");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_insideTransaction_isNotKept(Setup setup) {
        in(setup, (books, transaction) -> {
            Mono<String> inside = transaction.transactional(
                    books.evict("k").then(Mono.defer(() -> books.find("k"))).flatMap(found -> {
                        assertThat(found).isEqualTo("new");
                        return Mono.error(new IllegalStateException("changed my mind"));
                    }));
            assertThatThrownBy(() -> inside.block(Duration.ofSeconds(20))).hasMessage("changed my mind");
            assertThat(read(books)).isEqualTo("old");
        });
    }
}
