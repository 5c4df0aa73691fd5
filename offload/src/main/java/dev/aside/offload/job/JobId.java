package dev.aside.offload.job;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;

/**
 * The form of a job id: {@code jb_}, a ULID of 26 characters, the shard in 2 characters.
 *
 * <p>The ULID holds the millisecond of creation and 80 random bits of a secure source, so ids sort by time and cannot
 * be guessed. The shard lets any process find the job from the id alone.
 */
public final class JobId {
    /** Shards that fit into the two characters. */
    public static final int SHARDS = 64;

    private static final String PREFIX = "jb_";
    private static final int LENGTH = PREFIX.length() + 26 + 2;
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final SecureRandom RANDOM = new SecureRandom();

    private JobId() {}

    /**
     * A new id.
     *
     * @param now its time; only the millisecond counts
     * @param shard 0..{@value #SHARDS} exclusive
     */
    public static String next(Instant now, int shard) {
        if (shard < 0 || shard >= SHARDS) {
            throw new IllegalArgumentException("shard " + shard + " is not within 0.." + (SHARDS - 1) + ".");
        }
        byte[] random = new byte[10];
        RANDOM.nextBytes(random);
        StringBuilder id = new StringBuilder(LENGTH).append(PREFIX);
        long millis = now.toEpochMilli();
        for (int shift = 45; shift >= 0; shift -= 5) {
            id.append(ALPHABET.charAt((int) (millis >>> shift) & 31));
        }
        appendBase32(id, random);
        return id.append(hex(shard >>> 4)).append(hex(shard & 15)).toString();
    }

    /**
     * The shard of the ids of jobs with an idempotency key: the same for the same type and key, so that a store finds
     * key and job in one place.
     */
    public static int shardOfKey(String type, String key) {
        int hash = (type + ' ' + key).hashCode(); // specified, so the same in every process
        return ((hash * 0x9E3779B9) >>> 16) % SHARDS;
    }

    private static void appendBase32(StringBuilder id, byte[] random) {
        for (int half = 0; half < 10; half += 5) {
            long bits = 0;
            for (int i = 0; i < 5; i++) {
                bits = bits << 8 | (random[half + i] & 0xff);
            }
            for (int shift = 35; shift >= 0; shift -= 5) {
                id.append(ALPHABET.charAt((int) (bits >>> shift) & 31));
            }
        }
    }

    /** Whether {@code text} has the form of an id. Says nothing about whether such a job exists. */
    public static boolean isValid(String text) {
        if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < LENGTH - 2; i++) {
            if (ALPHABET.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        // the first character carries 3 bits only: 50 bits for 48 bits of time
        return text.charAt(PREFIX.length()) <= '7' && shardOrMinusOne(text) >= 0;
    }

    /**
     * The shard an id names, 0..63.
     *
     * @throws IllegalArgumentException if the text is not an id
     */
    public static int shard(String id) {
        if (!isValid(id)) {
            throw new IllegalArgumentException(
                    "this is not a job id. Hint: " + PREFIX + ", 26 characters of a ULID, 2 of the shard.");
        }
        return shardOrMinusOne(id);
    }

    private static int shardOrMinusOne(String id) {
        int high = hexValue(id.charAt(LENGTH - 2));
        int low = hexValue(id.charAt(LENGTH - 1));
        int shard = high * 16 + low;
        return high < 0 || low < 0 || shard >= SHARDS ? -1 : shard;
    }

    private static char hex(int digit) {
        return Character.forDigit(digit, 16);
    }

    private static int hexValue(char c) {
        return String.valueOf(c).toLowerCase(Locale.ROOT).charAt(0) == c && c < 128 ? Character.digit(c, 16) : -1;
    }
}
