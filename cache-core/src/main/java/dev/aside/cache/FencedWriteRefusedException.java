package dev.aside.cache;

import java.util.List;

/**
 * A write that asked for a fence ({@code @CacheInvalidate(fenced = Fenced.REQUIRED)}) and was refused, because the fence
 * could not be placed in the remote tier. Outside a transaction the method has not been called; inside one, it is thrown
 * before the commit and rolls the transaction back. The write has not been done and may be repeated.
 */
public final class FencedWriteRefusedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String cache;
    private final transient List<?> keys;

    FencedWriteRefusedException(Scope.Keys scope) {
        super("a write of " + scope.text() + " of cache '" + scope.cache()
                + "' needs a fence, which could not be placed:"
                + " the remote tier cannot be reached"
                + " [hint: nothing was written; repeat it later, or use fenced = PREFERRED]");
        this.cache = scope.cache();
        this.keys = scope.keys();
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }

    /** The keys the write was to change. Empty after deserialization. */
    public List<?> keys() {
        return keys == null ? List.of() : keys;
    }
}
