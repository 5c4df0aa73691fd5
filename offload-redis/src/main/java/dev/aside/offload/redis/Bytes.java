package dev.aside.offload.redis;

import java.nio.charset.StandardCharsets;

/** Text and numbers as Redis gets them. */
final class Bytes {
    private static final byte[] EMPTY = new byte[0];

    private Bytes() {}

    static byte[] of(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        String text = value.toString();
        return text.isEmpty() ? EMPTY : text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
