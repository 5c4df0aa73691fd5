package dev.aside.cache.redis.torture;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A point in a read's way where a scenario stops it. */
final class Hold {
    private static final long PATIENCE_SECONDS = 30;

    private final CompletableFuture<Void> arrived = new CompletableFuture<>();
    private final CompletableFuture<Void> open = new CompletableFuture<>();

    /** The stopped side, blocking. */
    void pass() {
        arrived.complete(null);
        get(open);
    }

    /** The stopped side, where nothing may block. */
    <T> CompletionStage<T> after(T answer) {
        arrived.complete(null);
        return open.thenApply(opened -> answer);
    }

    void awaitArrival() {
        get(arrived);
    }

    void open() {
        open.complete(null);
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("nobody came within " + PATIENCE_SECONDS + " s", e);
        }
    }
}
