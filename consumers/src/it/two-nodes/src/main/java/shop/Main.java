package shop;

import dev.aside.cache.Cache;
import dev.aside.cache.CacheProbe;
import dev.aside.cache.Caches;
import dev.aside.cache.redis.RedisTier;
import dev.aside.offload.JobHandle;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.testkit.RedisServer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

public class Main {
    public static void main(String[] args) throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            twoNodes(redis.uri());
        }
        slowCall();
    }

    private static void twoNodes(String uri) throws InterruptedException {
        Table database = new Table();
        try (Caches here = Caches.builder().remote(RedisTier.connect(uri)).build();
                Caches there = Caches.builder().remote(RedisTier.connect(uri)).build()) {
            ProductRepository products = here.proxy(ProductRepository.class, database);
            ProductRepository elsewhere = there.proxy(ProductRepository.class, database);
            products.save(new Product("85123A", new BigDecimal("2.55")));
            products.bySku("85123A");
            elsewhere.bySku("85123A");
            expect(database.queries, 1, "queries for two nodes");

            elsewhere.save(new Product("85123A", new BigDecimal("2.95")));
            long deadline = System.nanoTime() + Duration.ofSeconds(1).toNanos();
            while (price(products).equals(new BigDecimal("2.55")) && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            expect(price(products), new BigDecimal("2.95"), "the price here, within a second of the save there");

            try (CacheProbe probe = CacheProbe.open()) {
                products.bySkus(List.of("85123A"));
                System.out.println(probe.answers());
            }

            Cache<String, Product> byHand = here.cache("by-hand", String.class, Product.class, "reference");
            byHand.get("71053", sku -> new Product(sku, BigDecimal.ONE));
            byHand.invalidate("71053");
            expect(byHand.peek("71053") == null, true, "nothing is left of an invalidated key");
        }
    }

    private static BigDecimal price(ProductRepository products) {
        return products.bySku("85123A").orElseThrow().price();
    }

    private static void slowCall() throws Exception {
        CountDownLatch data = new CountDownLatch(1);
        try (OffloadExecutor offload =
                OffloadExecutor.builder().threshold(Duration.ofMillis(200)).build()) {
            Outcome<String> fast = offload.call("greeting", ctx -> "hello");
            expect(fast.fold(value -> value, JobHandle::id), "hello", "a fast call is answered inline");

            Outcome<String> slow = offload.call("sales-report", ctx -> {
                data.await();
                return "12 months";
            });
            String jobId = slow.fold(value -> "inline after all", job -> job.id());
            System.out.println("a slow call becomes job " + jobId + ": " + offload.find(jobId).orElseThrow().state());
            data.countDown();
            slow.fold(value -> value, job -> job.completion().toCompletableFuture().join());
            System.out.println("and ends: " + offload.find(jobId).orElseThrow().state());
        }
    }

    private static void expect(Object actual, Object expected, String what) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + ": expected " + expected + ", got " + actual);
        }
        System.out.println(what + ": " + actual);
    }
}
