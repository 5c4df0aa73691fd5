package dev.aside.spring.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Answer;
import dev.aside.cache.CacheProbe;
import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import dev.aside.testkit.PostgresServer;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.data.annotation.Id;
import org.springframework.data.domain.Persistable;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.CrudRepository;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring Data repositories on a real PostgreSQL: the annotations on their interfaces, transactions included. */
class RepositoryIT {
    private static final String SKU = "85123A";

    @Table("product")
    record Product(@Id String sku, String name) implements Persistable<String> {
        @Override
        public String getId() {
            return sku;
        }

        @Override
        public boolean isNew() {
            return false;
        }
    }

    interface Products extends CrudRepository<Product, String> {
        @Override
        @Cached(name = "jdbc-product", key = "sku")
        Optional<Product> findById(String sku);

        @Override
        @CacheInvalidate(name = "jdbc-product", key = "product.sku")
        <S extends Product> S save(S product);
    }

    @jakarta.persistence.Entity(name = "entity")
    @jakarta.persistence.Table(name = "product")
    public static class ProductEntity {
        @jakarta.persistence.Id
        @Nullable String sku;

        @Nullable String name;

        public @Nullable String getSku() {
            return sku;
        }
    }

    interface Entities extends JpaRepository<ProductEntity, String> {
        @Override
        @Cached(name = "jpa-product", key = "sku")
        Optional<ProductEntity> findById(String sku);

        @Override
        @CacheInvalidate(name = "jpa-product", key = "entity.sku")
        <S extends ProductEntity> S save(S entity);
    }

    static class Names {
        @PersistenceContext
        @Nullable EntityManager entities;

        @Cacheable("names")
        public @Nullable String ofProduct(String sku) {
            return Objects.requireNonNull(entities).find(ProductEntity.class, sku).name;
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableJdbcRepositories(considerNestedRepositories = true, basePackageClasses = RepositoryIT.class)
    @EnableJpaRepositories(considerNestedRepositories = true, basePackageClasses = RepositoryIT.class)
    @EnableCaching
    static class App {
        @Bean
        Names names() {
            return new Names();
        }
    }

    private static ConfigurableApplicationContext context;

    @BeforeAll
    static void start() {
        context = new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.datasource.url=" + PostgresServer.shared().createDatabase("starter_repositories"),
                        "spring.datasource.hikari.maximum-pool-size=4")
                .run();
        context.getBean(JdbcTemplate.class).execute("CREATE TABLE product (sku text PRIMARY KEY, name text)");
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @BeforeEach
    void row() {
        context.getBean(JdbcTemplate.class).update("DELETE FROM product");
        context.getBean(JdbcTemplate.class).update("INSERT INTO product VALUES (?, 'old')", SKU);
        context.getBean(dev.aside.cache.Caches.class).clear("jdbc-product");
        context.getBean(dev.aside.cache.Caches.class).clear("jpa-product");
        context.getBean(dev.aside.cache.Caches.class).clear("names");
    }

    private static List<Answer.Level> levels(Supplier<?> read, int times) {
        try (CacheProbe probe = CacheProbe.open()) {
            for (int i = 0; i < times; i++) {
                assertThat(read.get()).isNotNull();
            }
            return probe.answers().stream().map(Answer::level).toList();
        }
    }

    @Test
    void jdbcRepository_savedThroughGeneralInterface_isReadAnew() {
        Products products = context.getBean(Products.class);
        assertThat(levels(() -> products.findById(SKU), 2)).containsExactly(Answer.Level.LOAD, Answer.Level.L1);
        CrudRepository<Product, String> general = products;
        general.save(new Product(SKU, "new"));
        assertThat(products.findById(SKU)).contains(new Product(SKU, "new"));
    }

    @Test
    void jpaRepository_saved_isReadAnew() {
        Entities entities = context.getBean(Entities.class);
        assertThat(levels(() -> entities.findById(SKU), 2)).containsExactly(Answer.Level.LOAD, Answer.Level.L1);
        ProductEntity changed = new ProductEntity();
        changed.sku = SKU;
        changed.name = "new";
        entities.save(changed);
        assertThat(entities.findById(SKU)).map(entity -> entity.name).contains("new");
    }

    /** A web request's persistence context, which is open by default, hands out what it has read before. */
    @Test
    void read_inAnOpenView_isNotWhatTheViewHasReadBefore() {
        EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
        try (EntityManager view = factory.createEntityManager()) {
            TransactionSynchronizationManager.bindResource(factory, new EntityManagerHolder(view));
            ProductEntity read = view.find(ProductEntity.class, SKU);
            context.getBean(JdbcTemplate.class).update("UPDATE product SET name = 'new'");
            assertThat(context.getBean(Entities.class).findById(SKU))
                    .map(entity -> entity.name)
                    .contains("new");
            assertThat(context.getBean(Names.class).ofProduct(SKU)).isEqualTo("new");
            assertThat(view.contains(read)).isTrue();
        } finally {
            TransactionSynchronizationManager.unbindResource(factory);
        }
        assertThat(context.getBean(Entities.class).findById(SKU))
                .map(entity -> entity.name)
                .contains("new");
        assertThat(context.getBean(Names.class).ofProduct(SKU)).isEqualTo("new");
    }

    @Test
    void save_rolledBack_invalidatesNothing() {
        Products products = context.getBean(Products.class);
        products.findById(SKU);
        TransactionTemplate transaction = context.getBean(TransactionTemplate.class);
        transaction.executeWithoutResult(status -> {
            products.save(new Product(SKU, "new"));
            assertThat(products.findById(SKU)).contains(new Product(SKU, "new"));
            status.setRollbackOnly();
        });
        assertThat(levels(() -> products.findById(SKU), 1)).containsExactly(Answer.Level.L1);
        assertThat(products.findById(SKU)).contains(new Product(SKU, "old"));
    }

    @Test
    void save_committed_isSeenAfterwards() {
        Products products = context.getBean(Products.class);
        products.findById(SKU);
        context.getBean(TransactionTemplate.class)
                .executeWithoutResult(status -> products.save(new Product(SKU, "new")));
        assertThat(products.findById(SKU)).contains(new Product(SKU, "new"));
    }
}
