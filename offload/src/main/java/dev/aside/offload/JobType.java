package dev.aside.offload;

import java.util.Objects;

/**
 * A kind of named job: what it is called, what it takes, what it gives. Only the name goes into a store, never a class.
 *
 * @param name a letter, then up to 63 letters, digits, dots, dashes, underscores
 * @param payloadType what it takes
 * @param resultType what it gives; {@code Void.class} for nothing
 * @param version of the payload, from 1; a codec brings older ones up to date
 * @param <P> type of the payload
 * @param <R> type of the result
 */
public record JobType<P, R>(String name, Class<P> payloadType, Class<R> resultType, int version) {
    /**
     * @throws IllegalArgumentException if the name is not one, or the version is below 1
     */
    public JobType {
        Ranges.typeName(name);
        Objects.requireNonNull(payloadType, "payloadType");
        Objects.requireNonNull(resultType, "resultType");
        Ranges.atLeast("version of job type '" + name + "'", version, 1);
    }

    /** A kind of job in its first version. */
    public static <P, R> JobType<P, R> of(String name, Class<P> payloadType, Class<R> resultType) {
        return new JobType<>(name, payloadType, resultType, 1);
    }

    /** The same kind with another version of its payload. */
    public JobType<P, R> version(int version) {
        return new JobType<>(name, payloadType, resultType, version);
    }
}
