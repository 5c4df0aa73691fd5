package dev.aside.offload.spi;

import dev.aside.offload.job.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Turns payloads and results into bytes and back. Names no classes in the bytes: whoever decodes says what it wants.
 * Thread-safe.
 */
public interface PayloadCodec {
    /**
     * Encodes a value.
     *
     * @param type of the job
     * @param version of the payload of that type; 0 for a result
     * @param value may be null for a result
     * @throws RuntimeException if it cannot be encoded; the job fails with {@code not-encodable}
     */
    Payload encode(String type, int version, @Nullable Object value);

    /**
     * Decodes a value.
     *
     * @param type of the job
     * @param version it was encoded with; the codec brings older ones up to date
     * @throws RuntimeException if it cannot be decoded
     */
    <T> @Nullable T decode(String type, int version, Payload payload, Class<T> target);
}
