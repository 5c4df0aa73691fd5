package shop;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Stands in for the database, and counts the queries that reach it. */
class Table implements ProductRepository {
    private final Map<String, Product> rows = new TreeMap<>();
    int queries;

    @Override
    public Optional<Product> bySku(String sku) {
        queries++;
        return Optional.ofNullable(rows.get(sku));
    }

    @Override
    public Map<String, Product> bySkus(Collection<String> skus) {
        queries++;
        Map<String, Product> found = new LinkedHashMap<>(rows);
        found.keySet().retainAll(skus);
        return found;
    }

    @Override
    public void save(Product product) {
        rows.put(product.sku(), product);
    }
}
