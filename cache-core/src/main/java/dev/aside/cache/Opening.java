package dev.aside.cache;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
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
    private final Executor threads;
    private final BooleanSupplier mayKeep;
    private final CompletableFuture<OpenRead<V>> opened = new CompletableFuture<>();
    private final CompletableFuture<Map<Object, @Nullable Object>> loaded = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean dropped;

    /** Whether nothing can depend on the look-up yet but the caller, who waits for it. */
    private volatile boolean unseen = true;

    /** The thread that is ending it now, which runs what can be run at once. */
    private volatile @Nullable Thread ender;

    /**
     * A load to be begun.
     *
     * @param threads runs what depends on a look-up that came later
     * @param mayKeep whether a value that the calling thread brings may be kept
     */
    Opening(Object key, Executor threads, BooleanSupplier mayKeep) {
        this.key = key;
        this.threads = threads;
        this.mayKeep = mayKeep;
    }

    /** The answer of the look-up, for a caller who waits for it. */
    CompletableFuture<OpenRead<V>> awaited() {
        return opened;
    }

    /** The answer of the look-up, for whatever comes to depend on it. */
    CompletableFuture<OpenRead<V>> opened() {
        unseen = false;
        return opened;
    }

    @Override
    public CompletionStage<? extends Map<?, ?>> load(List<Object> keys) {
        OpenRead<V> miss = OpenRead.miss(this);
        if (unseen) {
            opened.complete(miss);
        } else {
            // Guards against race: what depends on the miss ends the load while it is still being begun, below it on
            // the
            // same stack, and waits for its end (OpenReadTest.keep_inWhatDependsOnALateMiss_returns)
            threads.execute(() -> opened.complete(miss));
        }
        return loaded;
    }

    @Override
    public boolean keeps(@Nullable Object value) {
        return !dropped;
    }

    /** The look-up found something, or the value that the caller brought is in place, or either failed. */
    void landed(@Nullable Served served, @Nullable V value, @Nullable Throwable failure) {
        if (served != null) {
            opened.complete(OpenRead.hit(value));
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
        if (!mayKeep.getAsBoolean()) {
            dropped = true; // and never back: who ended it first may have dropped it
        }
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
