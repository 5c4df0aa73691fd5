package dev.aside.offload.job;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way into or out of a store: encoded bytes, or, in a store of one process, the object itself.
 *
 * <p>Immutable as long as nobody changes the array or the object it was made of; neither is copied.
 */
public final class Payload {
    private final byte @Nullable [] bytes;
    private final @Nullable Object value;
    private final String contentType;
    private final long size;

    private Payload(byte @Nullable [] bytes, @Nullable Object value, String contentType, long size) {
        this.bytes = bytes;
        this.value = value;
        this.contentType = Objects.requireNonNull(contentType, "contentType");
        this.size = size;
    }

    /** Encoded bytes and what they are, e.g. {@code application/json}. */
    public static Payload of(byte[] bytes, String contentType) {
        return new Payload(Objects.requireNonNull(bytes, "bytes"), null, contentType, bytes.length);
    }

    /**
     * An object that stays in this process.
     *
     * @param value may be null: a task may have no result
     */
    public static Payload reference(@Nullable Object value) {
        return new Payload(null, value, "", 0);
    }

    /** Whether {@link #bytes()} may be asked; otherwise {@link #value()}. */
    public boolean isEncoded() {
        return bytes != null;
    }

    /**
     * The encoded form.
     *
     * @throws IllegalStateException if this is a reference
     */
    public byte[] bytes() {
        if (bytes == null) {
            throw new IllegalStateException(
                    "this payload is an object of this process and has no bytes." + " Hint: configure a PayloadCodec.");
        }
        return bytes;
    }

    /** The object, when this is a reference; null otherwise and for a reference to nothing. */
    public @Nullable Object value() {
        return value;
    }

    /** The media type of the bytes, empty for a reference. */
    public String contentType() {
        return contentType;
    }

    /** Encoded bytes, 0 for a reference: what an object weighs, its store decides. */
    public long size() {
        return size;
    }

    @Override
    public String toString() {
        return "Payload[" + (bytes == null ? "reference" : contentType) + ", " + size + " bytes]";
    }
}
