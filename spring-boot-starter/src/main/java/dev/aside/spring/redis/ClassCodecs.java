package dev.aside.spring.redis;

import dev.aside.cache.redis.ValueCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The codecs of classes, each made once. Thread-safe. */
final class ClassCodecs {
    private final ValueCodec codec;
    private final Map<Class<?>, Bound> bound = new ConcurrentHashMap<>();

    /**
     * The codec of one class.
     *
     * @param shape stands for the codec's shape: another one means other bytes
     */
    record Bound(ValueCodec.Typed codec, long shape) {}

    ClassCodecs(ValueCodec codec) {
        this.codec = codec;
    }

    /** @throws IllegalArgumentException if values of the class cannot be written or restored */
    Bound of(Class<?> type) {
        Bound known = bound.get(type);
        return known == null ? bound.computeIfAbsent(type, this::bind) : known;
    }

    private Bound bind(Class<?> type) {
        if (type.getTypeParameters().length > 0) {
            throw new IllegalArgumentException(type.getName() + " is generic, and a value does not say of what"
                    + " [hint: a class of its own that extends it with its actual types, or Aside's @Cached]");
        }
        ValueCodec.Typed typed = codec.bind(type);
        return new Bound(typed, digest(typed.shape()));
    }

    private static long digest(String shape) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(shape.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
