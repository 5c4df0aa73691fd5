package dev.aside.cache.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The body of a value entry: header and payload of one cache. Immutable and thread-safe.
 *
 * <pre>
 * format(1) codec(1) flags(1) crc32c(4) [keyLength(4) key] [rawLength(4)] payload
 * </pre>
 *
 * The checksum covers everything in the body but itself. The key is there if it had to be hashed, the raw length if the
 * payload is deflated; an absence has no payload. Numbers are big-endian.
 */
final class BodyFormat {
    private static final byte FORMAT = 1;
    private static final int ABSENT = 1;
    private static final int DEFLATED = 2;
    private static final int KEYED = 4;
    private static final int FLAGS = ABSENT | DEFLATED | KEYED;
    private static final int FLAGS_AT = 2;
    private static final int CRC_AT = 3;
    private static final int HEADER = 7;

    private final int codecId;
    private final ValueCodec.Typed codec;
    private final int compressAbove;
    private final int maxBytes;

    /**
     * @param compressAbove payloads of more bytes are deflated, if that makes them smaller
     * @param maxBytes payloads of more bytes are refused, before compression
     */
    BodyFormat(int codecId, ValueCodec.Typed codec, int compressAbove, int maxBytes) {
        this.codecId = codecId;
        this.codec = codec;
        this.compressAbove = compressAbove;
        this.maxBytes = maxBytes;
    }

    /** Says that some bytes are not a body of this cache, or a value cannot become one. */
    static final class FormatException extends Exception {
        private static final long serialVersionUID = 1;

        FormatException(String message) {
            super(message);
        }

        FormatException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** What a body holds; null is an absence. */
    record Content(@Nullable Object value) {}

    byte[] encode(@Nullable Object value, KeyName key) throws FormatException {
        int flags = key.hashed() ? KEYED : 0;
        byte[] payload = {};
        int rawLength = 0;
        if (value == null) {
            flags |= ABSENT;
        } else {
            byte[] raw = payload(value);
            payload = raw;
            if (raw.length > compressAbove) {
                byte[] deflated = deflate(raw);
                if (deflated.length < raw.length) {
                    payload = deflated;
                    rawLength = raw.length;
                    flags |= DEFLATED;
                }
            }
        }
        byte[] longText = key.longText() == null ? new byte[0] : key.longText().getBytes(StandardCharsets.UTF_8);
        int length = HEADER
                + (key.hashed() ? Integer.BYTES + longText.length : 0)
                + ((flags & DEFLATED) != 0 ? Integer.BYTES : 0)
                + payload.length;
        ByteBuffer body = ByteBuffer.allocate(length);
        body.put(FORMAT).put((byte) codecId).put((byte) flags).putInt(0);
        if (key.hashed()) {
            body.putInt(longText.length).put(longText);
        }
        if ((flags & DEFLATED) != 0) {
            body.putInt(rawLength);
        }
        body.put(payload);
        return body.putInt(CRC_AT, crc(body.array(), 0, length)).array();
    }

    private byte[] payload(Object value) throws FormatException {
        byte[] raw;
        try {
            raw = codec.encode(value);
        } catch (RuntimeException | StackOverflowError e) {
            throw new FormatException("the codec cannot write a value of " + value.getClass(), e);
        }
        if (raw.length > maxBytes) {
            throw new FormatException("a value of " + raw.length + " bytes is larger than the limit of " + maxBytes);
        }
        return raw;
    }

    /** Reads the body that starts at an offset of an entry. */
    Content decode(byte[] entry, int at, KeyName key) throws FormatException {
        int length = entry.length - at;
        if (length < HEADER || entry[at] != FORMAT || entry[at + 1] != (byte) codecId) {
            throw new FormatException("not a body of this format and codec");
        }
        int flags = entry[at + FLAGS_AT];
        ByteBuffer body = ByteBuffer.wrap(entry, at + CRC_AT, length - CRC_AT);
        if ((flags & ~FLAGS) != 0 || body.getInt() != crc(entry, at, length)) {
            throw new FormatException("unknown flags or a wrong checksum");
        }
        if ((flags & KEYED) != 0 || key.hashed()) {
            checkKey(body, flags, key);
        }
        if ((flags & ABSENT) != 0) {
            return new Content(null);
        }
        try {
            if ((flags & DEFLATED) == 0) {
                return new Content(codec.decode(entry, body.position(), body.remaining()));
            }
            byte[] raw = inflate(body);
            return new Content(codec.decode(raw, 0, raw.length));
        } catch (RuntimeException | StackOverflowError e) {
            throw new FormatException("the codec cannot read the payload", e);
        }
    }

    private static void checkKey(ByteBuffer body, int flags, KeyName key) throws FormatException {
        if ((flags & KEYED) == 0 || key.longText() == null || body.remaining() < Integer.BYTES) {
            throw new FormatException("a hashed key and its text belong together");
        }
        byte[] expected = key.longText().getBytes(StandardCharsets.UTF_8);
        int length = body.getInt();
        if (length != expected.length || length > body.remaining()) {
            throw new FormatException("the value belongs to another key");
        }
        byte[] actual = new byte[length];
        body.get(actual);
        if (!Arrays.equals(actual, expected)) {
            throw new FormatException("the value belongs to another key");
        }
    }

    /** The checksum of a body, its own four bytes left out. */
    private static int crc(byte[] bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, CRC_AT);
        crc.update(bytes, at + HEADER, length - HEADER);
        return (int) crc.getValue();
    }

    private static byte[] deflate(byte[] raw) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setInput(raw);
            deflater.finish();
            byte[] out = new byte[raw.length];
            int length = deflater.deflate(out);
            return deflater.finished() ? Arrays.copyOf(out, length) : raw;
        } finally {
            deflater.end();
        }
    }

    private byte[] inflate(ByteBuffer body) throws FormatException {
        int rawLength = body.remaining() < Integer.BYTES ? -1 : body.getInt();
        if (rawLength < 0 || rawLength > maxBytes) {
            throw new FormatException("a raw length that cannot be");
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(body);
            byte[] raw = new byte[rawLength];
            if (inflater.inflate(raw) != rawLength || inflater.inflate(new byte[1]) != 0 || !inflater.finished()) {
                throw new FormatException("a payload that does not inflate to its raw length");
            }
            return raw;
        } catch (DataFormatException e) {
            throw new FormatException("a payload that does not inflate", e);
        } finally {
            inflater.end();
        }
    }
}
