package dev.aside.offload.redis;

import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.PayloadCodec;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payloads and results as JSON by Jackson 3, restored as the class that the handler or the caller asks for. No class name
 * is in the bytes, so nothing in Redis decides which class is instantiated; what would write one is refused.
 *
 * <p>A payload of an older version of its type is brought up to the present one by the type's upcasters, step by step,
 * and only then becomes an object. Properties that a class does not have are ignored, so that a change that only adds
 * some needs no new version: nodes of both kinds read each other's payloads. What is left out is null, 0 or false; a
 * change that cannot bear that is a new version.
 *
 * <p>Immutable and thread-safe, as the upcasters have to be. How large a payload may be, the store decides.
 */
public final class JacksonPayloadCodec implements PayloadCodec {
    private static final String JSON = "application/json";

    private final JsonMapper mapper;
    private final Map<String, Upcasts> upcasts;

    private JacksonPayloadCodec(JsonMapper mapper, Map<String, Upcasts> upcasts) {
        this.mapper = mapper;
        this.upcasts = Map.copyOf(upcasts);
    }

    /** A codec for types in their first version. */
    public static JacksonPayloadCodec create() {
        return builder().build();
    }

    /** A codec with upcasters, or with settings of your own. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if Jackson cannot write it, or would write the name of a class
     */
    @Override
    public Payload encode(String type, int version, @Nullable Object value) {
        try {
            return Payload.of(mapper.writeValueAsBytes(value), JSON);
        } catch (RuntimeException | StackOverflowError e) { // an object may contain itself
            throw new IllegalArgumentException(
                    what(type, version) + " cannot be written as JSON" + where(e)
                            + (value == null ? "" : ": " + value.getClass().getName()),
                    e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @return null if the bytes say so
     * @throws IllegalArgumentException if the bytes are no JSON, are not what is asked for, or are of a version that
     *     cannot be brought up to the present one; the message holds nothing of the value
     */
    @Override
    public <T> @Nullable T decode(String type, int version, Payload payload, Class<T> target) {
        if (!JSON.equals(payload.contentType())) {
            throw new IllegalArgumentException(what(type, version) + " is '" + payload.contentType()
                    + "' and this codec reads " + JSON + ". Hint: it was written by another PayloadCodec.");
        }
        Upcasts steps = upcasts.getOrDefault(type, Upcasts.NONE);
        Supplier<String> what = () -> what(type, version);
        if (version == 0 || version == steps.present()) {
            return reading(what, target, () -> mapper.readValue(payload.bytes(), target));
        }
        steps.checkReadable(type, version);
        JsonNode old = reading(what, target, () -> mapper.readTree(payload.bytes()));
        JsonNode present = steps.apply(type, version, Objects.requireNonNull(old));
        return reading(what, target, () -> mapper.treeToValue(present, target));
    }

    private static <V extends @Nullable Object> V reading(Supplier<String> what, Class<?> target, Supplier<V> read) {
        try {
            return read.get();
        } catch (RuntimeException | StackOverflowError e) { // also of constructors that refuse what they get
            throw new IllegalArgumentException(what.get() + " is not a " + target.getName() + where(e), e);
        }
    }

    private static String what(String type, int version) {
        return version == 0
                ? "the result of a job of type '" + type + "'"
                : "the payload of a job of type '" + type + "', version " + version + ",";
    }

    /** Where in the value, without anything of it: messages of Jackson may show parts. */
    private static String where(Throwable e) {
        return e instanceof JacksonException json && !json.getPath().isEmpty()
                ? " (at " + json.getPathReference() + ")"
                : "";
    }

    @Override
    public void checkVersion(String type, int version) {
        upcasts.getOrDefault(type, Upcasts.NONE).checkHandler(type, version);
    }

    /** Collects upcasters and settings. Not thread-safe. */
    public static final class Builder {
        private final Map<String, Upcasts.Collected> collected = new HashMap<>();
        private UnaryOperator<JsonMapper.Builder> customizer = builder -> builder;

        private Builder() {}

        /**
         * Brings payloads of a type from one version to the next. Steps follow each other: a payload of version 1 of a
         * type in version 3 goes through the upcasters from 1 and from 2.
         *
         * @param type name of the job type
         * @param from the version it takes, 1 or more; it gives {@code from + 1}
         * @param step may change the tree it gets and return it; called from any thread, must not return null
         * @throws IllegalArgumentException if the type is not a name, the version is below 1 or has an upcaster already
         */
        public Builder upcaster(String type, int from, UnaryOperator<JsonNode> step) {
            of(type).add(type, from, step);
            return this;
        }

        /**
         * Says that no payload of a type is older than this version, so that upcasters from earlier ones are not
         * needed. If one comes all the same, its job fails and keeps it. 1 unless set.
         *
         * @param type name of the job type
         * @param version 1 or more
         * @throws IllegalArgumentException if the type is not a name or the version is below 1
         */
        public Builder oldest(String type, int version) {
            of(type).oldest(type, version);
            return this;
        }

        private Upcasts.Collected of(String type) {
            return collected.computeIfAbsent(type, Upcasts.Collected::new);
        }

        /**
         * Settings of your own on top of Aside's (offsets and zones of times are kept, decimals keep their scale,
         * unknown properties are ignored), for instance modules.
         *
         * @param customizer gets a builder with Aside's settings and returns the one to use
         */
        public Builder mapper(UnaryOperator<JsonMapper.Builder> customizer) {
            this.customizer = Objects.requireNonNull(customizer, "customizer");
            return this;
        }

        /**
         * The codec.
         *
         * @throws IllegalArgumentException if a version between two upcasters of a type has none, or the mapper's
         *     settings switch default typing on
         */
        public JacksonPayloadCodec build() {
            Map<String, Upcasts> upcasts = new HashMap<>();
            collected.forEach((type, steps) -> upcasts.put(type, steps.build(type)));
            return new JacksonPayloadCodec(
                    ClassNames.refused(
                            customizer.apply(settings(JsonMapper.builder())).build()),
                    upcasts);
        }

        private static JsonMapper.Builder settings(JsonMapper.Builder builder) {
            return builder.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                    .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                    .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
        }
    }
}
