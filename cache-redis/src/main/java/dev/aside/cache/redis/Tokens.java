package dev.aside.cache.redis;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/** Names that nobody has used before, in ASCII and of fixed widths. Thread-safe. */
final class Tokens {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int NODE_BITS = 48;

    private final long node = RANDOM.nextLong() << (Long.SIZE - NODE_BITS);
    private final AtomicLong count = new AtomicLong(RANDOM.nextLong());

    /** 64 random bits in {@link EntryFormat#GENERATION} characters: a generation, or the random part of a stamp. */
    static String generation() {
        byte[] bytes = new byte[Long.BYTES];
        RANDOM.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }

    /** A lease token: 48 bits of this node, 48 bits counted, in {@link EntryFormat#TOKEN} characters. */
    String lease() {
        ByteBuffer bytes = ByteBuffer.allocate(12);
        long counted = count.incrementAndGet() & 0xFFFF_FFFF_FFFFL;
        bytes.putLong(node | counted >>> 32).putInt((int) counted);
        return BASE64.encodeToString(bytes.array());
    }

    /** This node's name, as it appears in the meta of the shards. */
    String node() {
        return Long.toHexString(node >>> (Long.SIZE - NODE_BITS));
    }
}
