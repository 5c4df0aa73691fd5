package shop;

import dev.aside.cache.Answer;
import dev.aside.cache.CacheProbe;
import dev.aside.testkit.PostgresServer;
import dev.aside.testkit.RedisServer;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs two nodes of the application over servers of its own, and ends with an error unless they do as the README says. */
public class Run {
    public static void main(String[] args) {
        try (RedisServer redis = RedisServer.start();
                PostgresServer postgres = PostgresServer.start();
                ConfigurableApplicationContext here = node(redis, postgres);
                ConfigurableApplicationContext there = node(redis, postgres)) {
            JdbcClient jdbc = here.getBean(JdbcClient.class);
            jdbc.sql("CREATE TABLE product (sku text PRIMARY KEY, name text)").update();
            jdbc.sql("INSERT INTO product VALUES ('85123A', 'LANTERN')").update();
            Products products = here.getBean(Products.class);
            Products elsewhere = there.getBean(Products.class);

            expect(levels(() -> products.bySku("85123A")), List.of(Answer.Level.LOAD), "the first read");
            expect(levels(() -> products.bySku("85123A")), List.of(Answer.Level.L1), "the second read");
            expect(levels(() -> elsewhere.bySku("85123A")), List.of(Answer.Level.L2), "the other node's first read");

            here.getBean(TransactionTemplate.class).executeWithoutResult(transaction -> {
                products.save(new Product("85123A", "NEVER COMMITTED"));
                expect(name(elsewhere), "LANTERN", "the other node, before the rollback");
                transaction.setRollbackOnly();
            });
            expect(levels(() -> products.bySku("85123A")), List.of(Answer.Level.L1), "a read after the rollback");

            products.save(new Product("85123A", "HOLDER"));
            expect(name(products), "HOLDER", "a read after the save");
        }
    }

    private static ConfigurableApplicationContext node(RedisServer redis, PostgresServer postgres) {
        return SpringApplication.run(
                Shop.class, "--aside.redis.uri=" + redis.uri(), "--spring.datasource.url=" + postgres.jdbcUrl());
    }

    private static String name(Products products) {
        return products.bySku("85123A").orElseThrow().name();
    }

    private static List<Answer.Level> levels(Supplier<?> read) {
        try (CacheProbe probe = CacheProbe.open()) {
            read.get();
            return probe.answers().stream().map(Answer::level).toList();
        }
    }

    private static void expect(Object is, Object wanted, String what) {
        if (!wanted.equals(is)) {
            throw new AssertionError(what + ": expected " + wanted + " but it is " + is);
        }
        System.out.println(what + ": " + is);
    }
}
