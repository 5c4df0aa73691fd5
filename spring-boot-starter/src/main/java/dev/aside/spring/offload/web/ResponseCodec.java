package dev.aside.spring.offload.web;

import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.PayloadCodec;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers of endpoints as they are, and leaves every other value to another codec; without one, those stay
 * objects of this process, which only a store of this process takes. Thread-safe as the other codec is.
 */
public final class ResponseCodec implements PayloadCodec {
    private final @Nullable PayloadCodec others;

    /**
     * A codec for answers.
     *
     * @param others what writes payloads and results of named jobs; null if the store keeps references
     */
    public ResponseCodec(@Nullable PayloadCodec others) {
        this.others = others;
    }

    @Override
    public Payload encode(String type, int version, @Nullable Object value) {
        if (value instanceof StoredResponse response) {
            return response.toPayload();
        }
        return others == null ? Payload.reference(value) : others.encode(type, version, value);
    }

    @Override
    public <T> @Nullable T decode(String type, int version, Payload payload, Class<T> target) {
        if (payload.contentType().equals(StoredResponse.CONTENT_TYPE)) {
            return target.cast(StoredResponse.of(payload));
        }
        if (others == null) {
            throw new IllegalStateException("a value of job type " + type + " is " + payload.contentType()
                    + " and there is no codec for it. Hint: a PayloadCodec bean, or Jackson on the class path.");
        }
        return others.decode(type, version, payload, target);
    }

    @Override
    public void checkVersion(String type, int version) {
        if (others != null) {
            others.checkVersion(type, version);
        }
    }
}
