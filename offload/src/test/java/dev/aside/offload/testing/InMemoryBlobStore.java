package dev.aside.offload.testing;

import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.BlobStore;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Blobs in the heap, and a switch that makes every command fail. Thread-safe; forgets nothing by itself. */
public final class InMemoryBlobStore implements BlobStore {
    private final Map<String, Payload> blobs = new ConcurrentHashMap<>();
    private volatile boolean down;

    /** Lets every command fail from now on, or no more. */
    public void down(boolean down) {
        this.down = down;
    }

    /** The keys of what is kept. */
    public Set<String> keys() {
        return new TreeSet<>(blobs.keySet());
    }

    /** Forgets everything, as a rule that is too short does. */
    public void clear() {
        blobs.clear();
    }

    @Override
    public CompletionStage<Void> put(String key, Payload value) {
        if (down) {
            return failed();
        }
        blobs.put(key, value);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Optional<Payload>> get(String key) {
        return down ? failed() : CompletableFuture.completedFuture(Optional.ofNullable(blobs.get(key)));
    }

    @Override
    public CompletionStage<Void> delete(String key) {
        if (down) {
            return failed();
        }
        blobs.remove(key);
        return CompletableFuture.completedFuture(null);
    }

    private static <T> CompletionStage<T> failed() {
        return CompletableFuture.failedFuture(new IllegalStateException("the blob store is down"));
    }
}
