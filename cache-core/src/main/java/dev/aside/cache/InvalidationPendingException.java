package dev.aside.cache;

import java.util.Collection;
import java.util.List;

/**
 * An invalidation that the remote tier could not take yet. What this process held is gone; the invalidation stands in
 * its journal and is retried until it is delivered, so there is nothing to repeat. Until then other nodes may serve the
 * old value.
 */
public final class InvalidationPendingException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String cache;
    private final transient List<?> keys;

    InvalidationPendingException(String cache, Collection<?> keys) {
        super("an invalidation of " + (keys.isEmpty() ? "all entries" : keys.size() + " key(s)") + " of cache '" + cache
                + "' could not be delivered yet and is being retried"
                + " [hint: the write itself stands; do not repeat it because of this]");
        this.cache = cache;
        this.keys = List.copyOf(keys);
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }

    /** The keys, or an empty list for all entries. Empty after deserialization. */
    public List<?> keys() {
        return keys == null ? List.of() : keys;
    }
}
