package dev.aside.cache.redis;

import java.lang.reflect.Type;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values as JSON, Smile or CBOR by Jackson 3, restored by the generic type the cache declares. No class name is in the
 * bytes, so nothing in Redis decides which class is instantiated; a mapper that would write some is refused.
 */
public final class JacksonCodec implements ValueCodec {
    private static final int JSON = 1;
    private static final int SMILE = 2;
    private static final int CBOR = 3;

    private final int id;
    private final ObjectMapper mapper;

    private JacksonCodec(int id, ObjectMapper mapper) {
        if (mapper.serializationConfig().getDefaultTyper(mapper.constructType(Object.class)) != null) {
            throw defaultTyping();
        }
        this.id = id;
        this.mapper = mapper;
    }

    static IllegalArgumentException defaultTyping() {
        return new IllegalArgumentException("a mapper with default typing would put class names into Redis, and whoever"
                + " writes there could choose what is instantiated; declare the types that are really meant, or name"
                + " subtypes with @JsonTypeInfo(use = NAME) and @JsonSubTypes");
    }

    /** JSON with Aside's settings: offsets and zones of times are kept, decimals keep their scale. */
    public static JacksonCodec create() {
        return create(builder -> builder);
    }

    /**
     * JSON with settings of your own on top of Aside's, for instance modules.
     *
     * @param customizer gets a builder with Aside's settings and returns the one to use
     * @throws IllegalArgumentException if it switches default typing on
     */
    public static JacksonCodec create(UnaryOperator<JsonMapper.Builder> customizer) {
        return new JacksonCodec(
                JSON, customizer.apply(settings(JsonMapper.builder())).build());
    }

    /**
     * Smile: binary JSON, smaller and quicker to read. Takes {@code tools.jackson.dataformat:jackson-dataformat-smile}.
     *
     * @throws IllegalStateException if that is not on the class path
     */
    public static JacksonCodec smile() {
        return new JacksonCodec(SMILE, optional("smile", () -> JacksonFormats.Smile.mapper()));
    }

    /**
     * CBOR (RFC 8949): binary, readable in many languages. Takes {@code tools.jackson.dataformat:jackson-dataformat-cbor}.
     *
     * @throws IllegalStateException if that is not on the class path
     */
    public static JacksonCodec cbor() {
        return new JacksonCodec(CBOR, optional("cbor", () -> JacksonFormats.Cbor.mapper()));
    }

    /** @param mapper a lambda: a method reference would want the class before it is called */
    private static ObjectMapper optional(String format, Supplier<ObjectMapper> mapper) {
        try {
            return mapper.get();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "this codec needs tools.jackson.dataformat:jackson-dataformat-" + format
                            + " on the class path; add it in the version of jackson-databind",
                    e);
        }
    }

    static <B extends MapperBuilder<?, B>> B settings(B builder) {
        return builder.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public Typed bind(Type type) {
        JavaType javaType = mapper.constructType(type);
        return new Bound(TypeShape.of(mapper, javaType), mapper.writerFor(javaType), mapper.readerFor(javaType));
    }

    private record Bound(String shape, ObjectWriter writer, ObjectReader reader) implements Typed {
        @Override
        public byte[] encode(Object value) {
            return writer.writeValueAsBytes(value);
        }

        @Override
        public Object decode(byte[] bytes, int offset, int length) {
            return reader.readValue(bytes, offset, length);
        }
    }
}
