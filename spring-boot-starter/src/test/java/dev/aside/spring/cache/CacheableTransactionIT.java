package dev.aside.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.InMemoryRemoteTier;
import dev.aside.cache.spi.RemoteTier;
import dev.aside.testkit.PostgresServer;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Unchanged {@code @Cacheable} code in transactions on a real PostgreSQL. */
class CacheableTransactionIT {

    static class Books {
        private final JdbcTemplate jdbc;

        Books(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        private String read(String id) {
            return jdbc.queryForObject("SELECT title FROM book WHERE id = ?", String.class, id);
        }

        @Cacheable("books")
        public String plain(String id) {
            return read(id);
        }

        @Cacheable(cacheNames = "books", sync = true)
        public String synchronous(String id) {
            return read(id);
        }

        @Cacheable("books")
        public CompletableFuture<String> future(String id) {
            return CompletableFuture.supplyAsync(() -> read(id));
        }

        @Cacheable("books")
        public Mono<String> mono(String id) {
            return Mono.fromSupplier(() -> read(id)).subscribeOn(Schedulers.boundedElastic());
        }

        @CacheEvict(cacheNames = "books", key = "#id")
        public void evict(String id, String title) {
            write(id, title);
        }

        @CacheEvict(cacheNames = "books", allEntries = true)
        public void clear(String id, String title) {
            write(id, title);
        }

        @CacheEvict(cacheNames = "books", key = "#id", beforeInvocation = true)
        public void evictBefore(String id, String title) {
            write(id, title);
        }

        @CachePut(cacheNames = "books", key = "#id")
        public String put(String id, String title) {
            write(id, title);
            return title;
        }

        private void write(String id, String title) {
            jdbc.update("UPDATE book SET title = ? WHERE id = ?", title, id);
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
                "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration"
            })
    @EnableCaching
    static class App {
        @Bean
        Books books(JdbcTemplate jdbc) {
            return new Books(jdbc);
        }
    }

    static class Shared {
        @Bean
        RemoteTier tier() {
            return new InMemoryRemoteTier(System::nanoTime).node();
        }
    }

    enum Read {
        PLAIN,
        SYNCHRONOUS,
        FUTURE,
        MONO;

        @Nullable String from(Books books) {
            return switch (this) {
                case PLAIN -> books.plain("1");
                case SYNCHRONOUS -> books.synchronous("1");
                case FUTURE -> books.future("1").join();
                case MONO -> books.mono("1").block();
            };
        }
    }

    enum Write {
        EVICT,
        CLEAR,
        EVICT_BEFORE,
        PUT;

        void to(Books books, String title) {
            switch (this) {
                case EVICT -> books.evict("1", title);
                case CLEAR -> books.clear("1", title);
                case EVICT_BEFORE -> books.evictBefore("1", title);
                case PUT -> books.put("1", title);
            }
        }
    }

    private static ConfigurableApplicationContext local;
    private static ConfigurableApplicationContext shared;

    @BeforeAll
    static void start() {
        String url = PostgresServer.shared().createDatabase("starter_cacheable");
        local = context(url, App.class);
        shared = context(url, App.class, Shared.class);
        local.getBean(JdbcTemplate.class).execute("CREATE TABLE book (id text PRIMARY KEY, title text)");
    }

    private static ConfigurableApplicationContext context(String url, Class<?>... sources) {
        return new SpringApplicationBuilder(sources)
                .web(WebApplicationType.NONE)
                .properties("spring.datasource.url=" + url, "spring.datasource.hikari.maximum-pool-size=4")
                .run();
    }

    @AfterAll
    static void stop() {
        local.close();
        shared.close();
    }

    @BeforeEach
    void oneBook() {
        local.getBean(JdbcTemplate.class).update("DELETE FROM book");
        local.getBean(JdbcTemplate.class).update("INSERT INTO book VALUES ('1', 'old')");
        for (ConfigurableApplicationContext context : new ConfigurableApplicationContext[] {local, shared}) {
            java.util.Objects.requireNonNull(context.getBean(CacheManager.class).getCache("books"))
                    .clear();
        }
    }

    static Stream<Arguments> mixes() {
        return Stream.of(Setup.values())
                .flatMap(setup -> Stream.of(Read.values())
                        .flatMap(read -> Stream.of(Write.values()).map(write -> Arguments.of(setup, read, write))));
    }

    private static ConfigurableApplicationContext of(Setup setup) {
        return setup == Setup.LOCAL ? local : shared;
    }

    @ParameterizedTest
    @MethodSource("mixes")
    void write_committed_isSeenByAll_butNotBefore(Setup setup, Read read, Write write) {
        Books books = of(setup).getBean(Books.class);
        assertThat(read.from(books)).isEqualTo("old");
        of(setup).getBean(TransactionTemplate.class).executeWithoutResult(status -> {
            write.to(books, "new");
            // the transaction reads its own write, and fills nothing
            assertThat(books.plain("1")).isEqualTo("new");
            // somebody else reads what is committed, and may keep it until the commit
            assertThat(CompletableFuture.supplyAsync(() -> read.from(books)).join())
                    .isEqualTo("old");
        });
        assertThat(read.from(books)).isEqualTo("new");
    }

    @ParameterizedTest
    @MethodSource("mixes")
    void write_rolledBack_evictsNothing(Setup setup, Read read, Write write) {
        Books books = of(setup).getBean(Books.class);
        assertThat(read.from(books)).isEqualTo("old");
        assertThatThrownBy(() -> of(setup).getBean(TransactionTemplate.class).executeWithoutResult(status -> {
                    write.to(books, "never");
                    throw new IllegalStateException("changed my mind");
                }))
                .hasMessage("changed my mind");
        local.getBean(JdbcTemplate.class).update("UPDATE book SET title = 'behind the cache'");
        assertThat(read.from(books)).isEqualTo("old");
    }

    @ParameterizedTest
    @MethodSource("mixes")
    void read_insideWritingTransaction_isNotKept(Setup setup, Read read, Write write) {
        Books books = of(setup).getBean(Books.class);
        of(setup).getBean(TransactionTemplate.class).executeWithoutResult(status -> {
            of(setup).getBean(JdbcTemplate.class).update("UPDATE book SET title = 'uncommitted'");
            assertThat(books.plain("1")).isEqualTo("uncommitted");
            assertThat(books.synchronous("1")).isEqualTo("uncommitted");
            status.setRollbackOnly();
        });
        assertThat(read.from(books)).isEqualTo("old");
        write.to(books, "new");
        assertThat(read.from(books)).isEqualTo("new");
    }
}
