package dev.aside.benchmarks.cache;

/** What is cached. */
public record Product(long id, String name) {
    /** The product of an id. */
    public static Product of(long id) {
        return new Product(id, "product " + id);
    }
}
