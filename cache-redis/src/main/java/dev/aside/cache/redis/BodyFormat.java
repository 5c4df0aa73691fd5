package dev.aside.cache.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The body of a value entry: header and payload of one cache. Immutable and thread-safe.
 *
 * <pre>
 * format(1) codec(1) flags(1) crc32c(4) [sequence(8) tags(1) {length(2) tag}...] [keyLength(4) key] [rawLength(4)] payload
 * </pre>
 *
 * The checksum covers everything in the body but itself, and what the key is called in the log: an entry that stands under
 * another key's name is damaged. The tags are there if there are any, with the sequence of the log
 * when the value's load began; the key if it had to be hashed, the raw length if the payload is deflated; an absence has no
 * payload. Numbers are big-endian.
 */
final class BodyFormat {
    private static final byte FORMAT = 1;
    private static final int ABSENT = 1;
    private static final int DEFLATED = 2;
    private static final int KEYED = 4;
    private static final int TAGGED = 8;
    private static final int FLAGS = ABSENT | DEFLATED | KEYED | TAGGED;
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

    /**
     * What a body holds.
     *
     * @param value null is an absence
     * @param tags the texts of its tags
     */
    record Content(@Nullable Object value, List<String> tags) {}

    /**
     * By what a value can be voided besides its key.
     *
     * @param sequence the value is void if one of the tags was invalidated later than this
     * @param texts the texts of its tags; see {@link Tags}
     */
    record Tagged(long sequence, List<String> texts) {
        static final Tagged NOT = new Tagged(0, List.of());

        private byte[] bytes() {
            if (texts.isEmpty()) {
                return new byte[0];
            }
            ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + 1 + texts.size() * (Short.BYTES + Tags.MAX_BYTES));
            buffer.putLong(sequence).put((byte) texts.size());
            for (String text : texts) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                buffer.putShort((short) utf8.length).put(utf8);
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }

    byte[] encode(@Nullable Object value, KeyName key) throws FormatException {
        return encode(value, key, Tagged.NOT);
    }

    byte[] encode(@Nullable Object value, KeyName key, Tagged tagged) throws FormatException {
        byte[] tags = tagged.bytes();
        int flags = (key.hashed() ? KEYED : 0) | (tags.length > 0 ? TAGGED : 0);
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
                + tags.length
                + (key.hashed() ? Integer.BYTES + longText.length : 0)
                + ((flags & DEFLATED) != 0 ? Integer.BYTES : 0)
                + payload.length;
        ByteBuffer body = ByteBuffer.allocate(length);
        body.put(FORMAT).put((byte) codecId).put((byte) flags).putInt(0).put(tags);
        if (key.hashed()) {
            body.putInt(longText.length).put(longText);
        }
        if ((flags & DEFLATED) != 0) {
            body.putInt(rawLength);
        }
        body.put(payload);
        return body.putInt(CRC_AT, crc(key, body.array(), 0, length)).array();
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
        if ((flags & ~FLAGS) != 0 || body.getInt() != crc(key, entry, at, length)) {
            throw new FormatException("unknown flags, or a wrong checksum: damaged, or of another key");
        }
        List<String> tags = (flags & TAGGED) == 0 ? List.of() : tagged(body).texts();
        if ((flags & KEYED) != 0 || key.hashed()) {
            checkKey(body, flags, key);
        }
        if ((flags & ABSENT) != 0) {
            return new Content(null, tags);
        }
        try {
            if ((flags & DEFLATED) == 0) {
                return new Content(codec.decode(entry, body.position(), body.remaining()), tags);
            }
            byte[] raw = inflate(body);
            return new Content(codec.decode(raw, 0, raw.length), tags);
        } catch (RuntimeException | StackOverflowError e) {
            throw new FormatException("the codec cannot read the payload", e);
        }
    }

    /**
     * The tags of the body that starts at an offset of an entry, which may be anything: nothing of it has been checked.
     *
     * @return empty if there are none, or none that can be made out
     */
    static Tagged tagged(byte[] entry, int at) {
        if (entry.length < at + HEADER || entry[at] != FORMAT || (entry[at + FLAGS_AT] & TAGGED) == 0) {
            return Tagged.NOT;
        }
        try {
            return tagged(ByteBuffer.wrap(entry, at + HEADER, entry.length - at - HEADER));
        } catch (FormatException e) {
            return Tagged.NOT; // the checksum will not be right either
        }
    }

    /** Reads the tags at the position of a body, which then stands behind them. */
    private static Tagged tagged(ByteBuffer body) throws FormatException {
        if (body.remaining() < Long.BYTES + 1) {
            throw new FormatException("a body that ends in its tags");
        }
        long sequence = body.getLong();
        int count = body.get();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = body.remaining() < Short.BYTES ? -1 : body.getShort();
            if (length < 0 || length > body.remaining()) {
                throw new FormatException("a body that ends in its tags");
            }
            byte[] utf8 = new byte[length];
            body.get(utf8);
            texts.add(new String(utf8, StandardCharsets.UTF_8));
        }
        if (texts.isEmpty()) {
            throw new FormatException("a number of tags that cannot be");
        }
        return new Tagged(sequence, texts);
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

    /** The checksum of a key's body, its own four bytes left out. */
    private static int crc(KeyName key, byte[] bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(key.logKey().getBytes(StandardCharsets.UTF_8));
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
