package dev.aside.cache.spi;

import java.lang.reflect.Type;
import java.util.List;

/**
 * What a tier must know of a cache to write and restore its entries. Immutable.
 *
 * @param name the cache's name, unique within its namespace; letters, digits, {@code . _ -}
 * @param keyParts the type of the key, or the types of the parts of a {@link CompositeKey} if there is not exactly one
 * @param valueType the generic type values are restored to
 */
public record CacheSpec(String name, List<Type> keyParts, Type valueType) {
    public CacheSpec {
        keyParts = List.copyOf(keyParts);
    }

    /** Whether keys are {@link CompositeKey}s rather than objects of the single part's type. */
    public boolean compositeKey() {
        return keyParts.size() != 1;
    }
}
