package shop;

import dev.aside.cache.CacheProbe;
import dev.aside.cache.Caches;
import java.math.BigDecimal;
import java.util.List;

public class Main {
    public static void main(String[] args) {
        Table table = new Table();
        try (Caches caches = Caches.builder().build()) {
            ProductRepository products = caches.proxy(ProductRepository.class, table);
            products.save(new Product("85123A", new BigDecimal("2.55")));
            products.bySku("85123A");
            products.bySku("85123A");
            products.bySkus(List.of("85123A", "71053"));
            expect(table.queries, 2, "one for the product, one for the missing part of the batch");

            products.save(new Product("85123A", new BigDecimal("2.95")));
            BigDecimal price = products.bySku("85123A").orElseThrow().price();
            expect(price, new BigDecimal("2.95"), "the new price after the save");

            try (CacheProbe probe = CacheProbe.open()) {
                products.bySku("85123A");
                expect(probe.answers().get(0).level().name(), "L1", "where the answer came from");
            }
            System.out.print(caches.describe());
        }
    }

    private static void expect(Object actual, Object expected, String what) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + ": expected " + expected + ", got " + actual);
        }
        System.out.println(what + ": " + actual);
    }
}
