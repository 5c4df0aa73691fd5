package dev.aside.benchmarks.redis;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** A record of about 1 KB as JSON: what a shop's repository returns. Serializable for the peers that want it. */
public record Article(
        long id, String sku, String title, String text, BigDecimal price, Instant since, List<String> tags, int stock)
        implements Serializable {
    private static final String TEXT = "A sturdy thing for the house and the garden, in six colours. ".repeat(13);

    static Article of(long id) {
        return new Article(
                id,
                "SKU-" + id,
                "article " + id,
                TEXT,
                new BigDecimal("19.90"),
                Instant.ofEpochSecond(1_700_000_000 + id),
                List.of("house", "garden", "six colours"),
                (int) (id % 100));
    }
}
