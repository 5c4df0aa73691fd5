package dev.aside.cache;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A load whose method is run by the caller, between the look-up and the fill: when the pipeline asks for the value it is
 * told to wait, and the caller to run the method.
 *
 * <p>Thread-safe.
 *
 * @param <V> the values
 */
final class Opening<V> implements BulkLoader {
    private final Object key;
    private final CompletableFuture<OpenRead<V>> opened = new CompletableFuture<>();
    private final CompletableFuture<Map<Object, @Nullable Object>> loaded = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean dropped;

    /** The thread that is ending it now, which runs what can be run at once. */
    private volatile @Nullable Thread ender;

    Opening(Object key) {
        this.key = key;
    }

    /** The answer of the look-up. */
    CompletableFuture<OpenRead<V>> opened() {
        return opened;
    }

    @Override
    public CompletionStage<? extends Map<?, ?>> load(List<Object> keys) {
        opened.complete(new OpenRead<>(this, null));
        return loaded;
    }

    @Override
    public boolean keeps(@Nullable Object value) {
        return !dropped;
    }

    /** The look-up found something, or the value that the caller brought is in place, or either failed. */
    void landed(@Nullable Served served, @Nullable V value, @Nullable Throwable failure) {
        if (served != null) {
            opened.complete(new OpenRead<>(null, value));
        } else if (failure != null) {
            opened.completeExceptionally(Failures.unwrap(failure));
        }
        ended.complete(null);
    }

    /** Runs steps on the thread that ends the load as long as it does, or else on the executor given. */
    Executor steps(Executor otherwise) {
        return step -> {
            if (Thread.currentThread() == ender) {
                step.run();
            } else {
                otherwise.execute(step);
            }
        };
    }

    CompletableFuture<Void> keep(@Nullable Object value) {
        end(() -> loaded.complete(Collections.singletonMap(key, value)));
        return ended.copy();
    }

    void drop() {
        dropped = true;
        end(() -> loaded.complete(Collections.singletonMap(key, null)));
    }

    void fail(Throwable failure) {
        end(() -> loaded.completeExceptionally(failure));
    }

    private void end(Runnable completion) {
        ender = Thread.currentThread();
        try {
            completion.run();
        } finally {
            ender = null;
        }
    }
}
