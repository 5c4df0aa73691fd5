package dev.aside.offload.blob;

import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.BlobStore;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/** Moves values above a size into a blob store and back; what stands for them is their key. Thread-safe. */
final class LargeValues {
    private static final System.Logger LOG = System.getLogger(LargeValues.class.getName());
    private static final String REFERENCE = "application/vnd.aside.blob";

    private final BlobStore blobs;
    private final int above;

    LargeValues(BlobStore blobs, int above) {
        this.blobs = blobs;
        this.above = above;
    }

    static String payloadKey(String jobId) {
        return jobId + "/payload";
    }

    /** Another one each time: only the store decides which of two results counts. */
    static String newResultKey(String jobId) {
        return jobId + "/result/" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    boolean isLarge(Payload value) {
        return value.isEncoded() && value.size() > above;
    }

    static boolean isReference(Payload value) {
        return value.isEncoded() && value.contentType().equals(REFERENCE);
    }

    /** Puts a large value; the stage gives what to store in its place. */
    CompletionStage<Payload> put(String key, Payload value) {
        return blobs.put(key, value).thenApply(done -> Payload.of(key.getBytes(StandardCharsets.UTF_8), REFERENCE));
    }

    /** The payload of a job whose record holds a reference. */
    CompletionStage<Optional<Payload>> payload(String jobId) {
        return blobs.get(payloadKey(jobId)); // not what the bytes say: who writes them must not choose what is read
    }

    /** The result that a reference stands for. */
    CompletionStage<Optional<Payload>> result(String jobId, Payload reference) {
        String key = key(reference);
        return key.matches(jobId + "/result/[0-9a-f]+")
                ? blobs.get(key)
                : CompletableFuture.completedFuture(Optional.empty());
    }

    static String key(Payload reference) {
        return new String(reference.bytes(), StandardCharsets.UTF_8);
    }

    /** Deletes what nobody needs any more; what stays is forgotten by the blob store's own rule. */
    void delete(String key) {
        blobs.delete(key).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.DEBUG, "a blob that is not needed any more stays", failure);
            }
        });
    }
}
