package dev.aside.offload.spi;

import dev.aside.offload.job.Payload;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where payloads and results are kept that are too large for a job store, e.g. a bucket; the job store then holds only
 * that they are here.
 *
 * <p>Every method may be called from any thread, returns at once, and reports trouble through the stage, which may
 * complete on any thread. What is put has to be kept for as long as the job store keeps its jobs, dead ones included (30
 * days in the stores of this library), and should be forgotten by the blob store's own rule some time after that: values
 * are deleted when their job is over, but not when a record expires, or when a process dies in between.
 */
public interface BlobStore {
    /**
     * Keeps a value; the same key again replaces it. When the stage completes, {@link #get} finds it from any process.
     *
     * @param key up to 100 letters, digits, {@code _} and {@code /}; one key always comes with the same value
     * @param value encoded
     */
    CompletionStage<Void> put(String key, Payload value);

    /** The value with its content type; empty if it is not kept. */
    CompletionStage<Optional<Payload>> get(String key);

    /** Forgets a value; also right when there is none. */
    CompletionStage<Void> delete(String key);
}
