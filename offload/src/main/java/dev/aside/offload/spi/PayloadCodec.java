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
     * @param version it was encoded with, 0 for a result; the codec brings older ones up to date. Never above the version
     *     the handler was registered with: a job with a newer payload is left to processes that know it
     * @throws RuntimeException if it cannot be decoded; of a payload: the job fails at once with {@code not-encodable}
     *     and keeps its payload, for a re-run by a process that can
     */
    <T> @Nullable T decode(String type, int version, Payload payload, Class<T> target);

    /**
     * Asked when a handler is registered: whether this codec can bring payloads of the type up to that version. Does
     * nothing unless overridden.
     *
     * @param version that the handler takes, from 1
     * @throws IllegalArgumentException if it cannot; the message says which step is missing
     */
    default void checkVersion(String type, int version) {}
}
