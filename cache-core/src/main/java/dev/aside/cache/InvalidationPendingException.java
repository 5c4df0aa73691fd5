package dev.aside.cache;

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
    private final transient List<String> tags;

    InvalidationPendingException(Scope scope) {
        super("an invalidation of " + scope.text() + " of cache '" + scope.cache()
                + "' could not be delivered yet and is being retried"
                + " [hint: the write itself stands; do not repeat it because of this]");
        this.cache = scope.cache();
        this.keys = scope instanceof Scope.Keys some ? some.keys() : List.of();
        this.tags = scope instanceof Scope.Tags some ? some.tags() : List.of();
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }

    /** The keys, or an empty list for all entries or tags. Empty after deserialization. */
    public List<?> keys() {
        return keys == null ? List.of() : keys;
    }

    /** The tags, or an empty list for all entries or keys. Empty after deserialization. */
    public List<String> tags() {
        return tags == null ? List.of() : tags;
    }
}
