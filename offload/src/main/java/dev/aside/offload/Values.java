package dev.aside.offload;

import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.PayloadCodec;
import org.jspecify.annotations.Nullable;

/** Payloads and results on their way into and out of the store. Thread-safe as its codec is. */
final class Values {
    private final @Nullable PayloadCodec codec;

    /**
     * @param codec null only if the store keeps references
     */
    Values(@Nullable PayloadCodec codec) {
        this.codec = codec;
    }

    /** A handler for this version is about to be registered. */
    void checkVersion(String type, int version) {
        if (codec != null) {
            codec.checkVersion(type, version);
        }
    }

    Payload write(String type, int version, @Nullable Object value) {
        return codec == null ? Payload.reference(value) : codec.encode(type, version, value);
    }

    /**
     * @throws IllegalArgumentException if it cannot be encoded
     */
    Payload writePayload(JobType<?, ?> type, Object payload) {
        try {
            return write(type.name(), type.version(), payload);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "the payload of a job of type " + type.name() + " could not be encoded", e);
        }
    }

    static IllegalArgumentException tooLarge(String type) {
        return new IllegalArgumentException("the payload of a job of type " + type
                + " is larger than the store takes. Hint: store it elsewhere and enqueue its address.");
    }

    /**
     * @throws ClassCastException if a reference is something else
     * @throws RuntimeException if the codec cannot decode it
     */
    <T> @Nullable T read(String type, int version, Payload payload, Class<T> target) {
        if (!payload.isEncoded()) {
            return target.cast(payload.value());
        }
        if (codec == null) {
            throw new IllegalStateException("a value of job type " + type + " is " + payload.contentType()
                    + " and there is no codec. Hint: OffloadBuilder.codec.");
        }
        return codec.decode(type, version, payload, target);
    }
}
