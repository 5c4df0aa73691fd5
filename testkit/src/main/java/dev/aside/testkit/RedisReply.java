package dev.aside.testkit;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a Redis server to one command: a text, a number, a list of replies, or nil. Immutable.
 *
 * <p>An error reply is no {@code RedisReply}: it is thrown as a {@link RedisCommandException}.
 */
public final class RedisReply {
    private final @Nullable Object value;

    private RedisReply(@Nullable Object value) {
        this.value = value;
    }

    static RedisReply of(@Nullable Object textNumberOrList) {
        return new RedisReply(textNumberOrList);
    }

    /** Whether the reply is nil, as of {@code GET} on a key that does not exist. */
    public boolean isNil() {
        return value == null;
    }

    /**
     * The reply as text; a number in decimal.
     *
     * @throws IllegalStateException if the reply is nil or a list
     */
    public String text() {
        if (value instanceof String || value instanceof Long) {
            return value.toString();
        }
        throw wrong("a text");
    }

    /**
     * The reply as a number; a text is parsed.
     *
     * @throws IllegalStateException if the reply is nil, a list, or a text that is no whole number
     */
    public long number() {
        if (value instanceof Long number) {
            return number;
        }
        try {
            return Long.parseLong(text());
        } catch (NumberFormatException e) {
            throw wrong("a number");
        }
    }

    /**
     * The reply as a list.
     *
     * @throws IllegalStateException if the reply is nil, a text or a number
     */
    @SuppressWarnings("unchecked") // the only lists that get in are lists of replies
    public List<RedisReply> list() {
        if (value instanceof List) {
            return (List<RedisReply>) value;
        }
        throw wrong("a list");
    }

    /**
     * The reply as a list of texts.
     *
     * @throws IllegalStateException if the reply is no list, or one of its items is nil or a list
     */
    public List<String> texts() {
        return list().stream().map(RedisReply::text).collect(Collectors.toList());
    }

    private IllegalStateException wrong(String wanted) {
        return new IllegalStateException("The Redis reply is not " + wanted + ": " + this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RedisReply reply && Objects.equals(value, reply.value);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(value);
    }

    /** For messages: the text, the number, the list in brackets, or {@code (nil)}. */
    @Override
    public String toString() {
        return value == null ? "(nil)" : value.toString();
    }
}
