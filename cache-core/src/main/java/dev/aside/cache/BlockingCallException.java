package dev.aside.cache;

/** A blocking method was called on an event loop, whose other work would have had to wait. Nothing was done. */
public final class BlockingCallException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String cache;

    BlockingCallException(String cache, String thread, String instead) {
        super("a call of cache '" + cache + "' would block the event loop '" + thread + "' [hint: use " + instead
                + ", or a method that returns CompletableFuture; Caches.builder().eventLoopGuard(...) turns this off]");
        this.cache = cache;
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }
}
