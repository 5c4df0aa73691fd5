package dev.aside.cache;

/**
 * A load that could only have waited for itself: it asked the cache for the very key it was loading, or for a key whose
 * load, on another thread, waits for this one. Asynchronous loads are seen only until they have returned their stage.
 */
public final class RecursiveLoadException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String cache;
    private final transient Object key;

    RecursiveLoadException(String cache, Object key) {
        super("the load of a key of cache '" + cache + "' asks the cache for the same key"
                + " [hint: call the method behind the cache from inside a load, not the cached one]");
        this.cache = cache;
        this.key = key;
    }

    RecursiveLoadException(String cache, Object key, String other) {
        super("the load of a key of cache '" + cache + "' asks for a key of cache '" + other
                + "' whose load, on another thread, waits for this one"
                + " [hint: let loads ask caches in one order only, or call the methods behind the caches]");
        this.cache = cache;
        this.key = key;
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }

    /** The key being loaded. */
    public Object key() {
        return key;
    }
}
