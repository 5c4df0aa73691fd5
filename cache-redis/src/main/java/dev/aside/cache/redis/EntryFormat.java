package dev.aside.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The part of an entry that the scripts read and write: everything before the body, in ASCII and of fixed widths.
 *
 * <pre>
 * lease  L stamp(22) | token(16)
 * value  V stamp(22) | refreshToken(16) refreshDeadline(13) freshMs(12) keepMs(12) end(13) body
 * stamp  generation(11) randomness(11) [shape(8)]{1,4}
 * </pre>
 */
final class EntryFormat {
    static final int GENERATION = 11;
    static final int STAMP = 22;
    static final int SHAPE = 8;
    static final int MAX_SHAPES = 4;
    static final int TOKEN = 16;
    static final int DEADLINE = 13;
    static final int PREFIX = 90;

    /** No refresh under way. */
    static final String EMPTY_SLOT = "-".repeat(TOKEN) + "0".repeat(DEADLINE);

    private static final int MILLIS = 12;
    private static final int FRESH_AT = 1 + STAMP + 1 + TOKEN + DEADLINE;
    private static final int KEEP_AT = FRESH_AT + MILLIS;
    private static final int END_AT = KEEP_AT + MILLIS;
    private static final long CLOCK_SET_BACK = 1_000;
    private static final String NO_END = "0".repeat(DEADLINE);
    private static final long MAX_MILLIS = 999_999_999_999L;

    private EntryFormat() {}

    /** A live value: where its body is, and how long it is still fresh and kept, and how old it is. */
    static final class Live {
        private final byte[] entry;
        private final long freshMillis;
        private final long keepMillis;
        private final long ageMillis;

        private Live(byte[] entry, long freshMillis, long keepMillis, long ageMillis) {
            this.entry = entry;
            this.freshMillis = freshMillis;
            this.keepMillis = keepMillis;
            this.ageMillis = ageMillis;
        }

        /** The whole entry; not copied. */
        byte[] entry() {
            return entry;
        }

        long freshMillis() {
            return freshMillis;
        }

        long keepMillis() {
            return keepMillis;
        }

        long ageMillis() {
            return ageMillis;
        }
    }

    /** Milliseconds of a duration as an entry can hold it: at least one, at most 31 years. */
    static long millis(long nanos) {
        return Math.max(1, Math.min(MAX_MILLIS, TimeUnit.NANOSECONDS.toMillis(nanos)));
    }

    /** A value to store; the script that stores it notes its end. */
    static byte[] value(String stamp, long freshMillis, long keepMillis, byte[] body) {
        String prefix = "V" + stamp + '|' + EMPTY_SLOT + padded(freshMillis) + padded(keepMillis) + NO_END;
        byte[] entry = Arrays.copyOf(prefix.getBytes(StandardCharsets.ISO_8859_1), PREFIX + body.length);
        System.arraycopy(body, 0, entry, PREFIX, body.length);
        return entry;
    }

    private static String padded(long millis) {
        String digits = Long.toString(millis);
        return "0".repeat(MILLIS - digits.length()) + digits;
    }

    /**
     * Whether a stamp is whole, and of the generation.
     *
     * @param stamp what stands under the stamp's key; null if nothing does
     */
    static boolean isStamp(byte @Nullable [] stamp, String generation) {
        if (stamp == null || stamp.length <= STAMP || stamp.length > STAMP + SHAPE * MAX_SHAPES) {
            return false;
        }
        return (stamp.length - STAMP) % SHAPE == 0 && startsWith(stamp, 0, generation) && isText(stamp);
    }

    /** Whether all bytes are of base64url, as in {@code getl.lua} and {@code inv.lua}: the stamp travels as text. */
    private static boolean isText(byte[] bytes) {
        for (byte b : bytes) {
            boolean text = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
            if (!text && b != '_' && b != '-') {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads a value that counts under a stamp.
     *
     * @param left how long the entry is still kept
     * @return null if there is no such value: absent, a lease, void, or nothing that can be made out
     */
    static @Nullable Live live(byte @Nullable [] entry, byte[] stamp, long left) {
        if (entry == null || entry.length <= PREFIX || entry[0] != 'V' || entry[1 + STAMP] != '|') {
            return null;
        }
        if (!Arrays.equals(entry, 1, 1 + STAMP, stamp, 0, STAMP)) {
            return null;
        }
        long fresh = digits(entry, FRESH_AT, MILLIS);
        long keep = digits(entry, KEEP_AT, MILLIS);
        if (fresh < 1 || keep < fresh || left < 1) {
            return null;
        }
        long kept = Math.min(left, keep);
        return new Live(entry, kept - (keep - fresh), kept, keep - kept);
    }

    /**
     * As {@link #live}, by the end that stands in the value.
     *
     * @param serverMillis the server's clock, read before the value was
     * @return null also if more is left than there ever was: the end is damaged, or the server's clock was set back; the
     *     script {@code getl} then looks at the server's own end of the key
     */
    static @Nullable Live liveAt(byte @Nullable [] entry, byte[] stamp, long serverMillis) {
        if (entry == null || entry.length <= PREFIX) {
            return null;
        }
        long left = digits(entry, END_AT, DEADLINE) - serverMillis;
        return left > digits(entry, KEEP_AT, MILLIS) + CLOCK_SET_BACK ? null : live(entry, stamp, left);
    }

    private static long digits(byte[] bytes, int at, int count) {
        long number = 0;
        for (int i = at; i < at + count; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    static boolean startsWith(byte[] bytes, int at, String ascii) {
        if (bytes.length < at + ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[at + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
