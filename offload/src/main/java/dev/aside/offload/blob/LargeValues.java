package dev.aside.offload.blob;

import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.BlobStore;
import dev.aside.offload.spi.Owner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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

    /**
     * The same for the same end of the same owner, so that a repeated command leaves one value; another for any other,
     * as only the store decides which of two results counts.
     */
    static String resultKey(String jobId, Owner owner, Payload result) {
        MessageDigest digest = sha256();
        digest.update((owner.epoch() + " " + owner.node() + " ").getBytes(StandardCharsets.UTF_8));
        byte[] name = digest.digest(result.bytes());
        return jobId + "/result/" + HexFormat.of().formatHex(name, 0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
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
