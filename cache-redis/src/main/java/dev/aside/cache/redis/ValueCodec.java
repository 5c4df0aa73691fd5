package dev.aside.cache.redis;

import java.lang.reflect.Type;

/**
 * Turns values into bytes and back. Immutable and thread-safe, as are the codecs it binds.
 *
 * <p>Size limit, compression, checksum and cached absences are the tier's business: a codec never sees null at the top
 * level and never sees bytes that were damaged on the way.
 */
public interface ValueCodec {

    /** The last of the ids that belong to Aside. */
    int LAST_OWN_ID = 127;

    /**
     * Which codec this is, from 0 to 255: it stands in every value, and values of another codec are misses. 0 to
     * {@value #LAST_OWN_ID} belong to Aside.
     */
    int id();

    /**
     * The codec of one type.
     *
     * @param type the generic type values are restored to
     * @throws IllegalArgumentException if such values cannot be written or restored; the message names the type
     */
    Typed bind(Type type);

    /** The codec of one type. */
    interface Typed {

        /**
         * What the bytes look like: two versions of a program that say the same here read each other's bytes, all
         * others live side by side without seeing each other's values.
         */
        String shape();

        /** The bytes of a value. Runs on the thread that loaded it; whatever it throws makes the value unstorable. */
        byte[] encode(Object value);

        /**
         * The value of some bytes. Runs on the thread of a reader that waits, else on one of the tier's, never on a
         * connection's; whatever it throws makes the bytes a miss.
         */
        Object decode(byte[] bytes, int offset, int length);
    }
}
