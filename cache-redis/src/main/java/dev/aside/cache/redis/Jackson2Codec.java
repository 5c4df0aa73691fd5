package dev.aside.cache.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategy;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.function.UnaryOperator;

/**
 * Values as JSON by Jackson 2, for value types that carry annotations or need modules of that version. Takes
 * {@code jackson-databind}, {@code jackson-datatype-jsr310} and {@code jackson-datatype-jdk8} 2.21 or newer on the class
 * path. As {@link JacksonCodec}, it puts no class name into the bytes and refuses a mapper that would.
 */
public final class Jackson2Codec implements ValueCodec {
    private static final int ID = 4;

    /** Jackson 3 looks at the same annotations and knows the same structure. */
    private static final tools.jackson.databind.json.JsonMapper SHAPES =
            tools.jackson.databind.json.JsonMapper.builder().build();

    private final JsonMapper mapper;

    private Jackson2Codec(JsonMapper mapper) {
        if (mapper.getSerializationConfig().getDefaultTyper(mapper.constructType(Object.class)) != null) {
            throw JacksonCodec.defaultTyping();
        }
        this.mapper = mapper;
    }

    /** The codec with Aside's settings: offsets and zones of times are kept, decimals keep their scale. */
    public static Jackson2Codec create() {
        return create(builder -> builder);
    }

    /**
     * The codec with settings of your own on top of Aside's, for instance modules. A naming strategy is part of the shape
     * of the values; other settings that change how they look ask for another namespace.
     *
     * @param customizer gets a builder with Aside's settings and returns the one to use
     * @throws IllegalArgumentException if it switches default typing on
     */
    public static Jackson2Codec create(UnaryOperator<JsonMapper.Builder> customizer) {
        JsonMapper.Builder builder = JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        return new Jackson2Codec(customizer.apply(builder).build());
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public Typed bind(Type type) {
        JavaType javaType = mapper.constructType(type);
        PropertyNamingStrategy names = mapper.getSerializationConfig().getPropertyNamingStrategy();
        String shape = TypeShape.of(SHAPES, SHAPES.constructType(type))
                + (names == null ? "" : " " + names.getClass().getName());
        return new Bound(shape, mapper.writerFor(javaType), mapper.readerFor(javaType));
    }

    private record Bound(String shape, ObjectWriter writer, ObjectReader reader) implements Typed {
        @Override
        public byte[] encode(Object value) {
            try {
                return writer.writeValueAsBytes(value);
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Object decode(byte[] bytes, int offset, int length) {
            try {
                return reader.readValue(bytes, offset, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
