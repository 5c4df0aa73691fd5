package dev.aside.cache.redis;

import java.lang.reflect.Type;
import java.util.function.UnaryOperator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values as JSON by Jackson 3, restored by the generic type the cache declares. No class name is in the bytes, so
 * nothing in Redis decides which class is instantiated.
 */
public final class JacksonCodec implements ValueCodec {
    private static final int ID = 1;

    private final JsonMapper mapper;

    private JacksonCodec(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** The codec with Aside's settings: offsets and zones of times are kept, decimals keep their scale. */
    public static JacksonCodec create() {
        return new JacksonCodec(builder().build());
    }

    /**
     * The codec with settings of your own on top of Aside's, for instance modules.
     *
     * @param customizer gets a builder with Aside's settings and returns the one to use
     */
    public static JacksonCodec create(UnaryOperator<JsonMapper.Builder> customizer) {
        return new JacksonCodec(customizer.apply(builder()).build());
    }

    private static JsonMapper.Builder builder() {
        return JsonMapper.builder()
                .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public Typed bind(Type type) {
        JavaType javaType = mapper.constructType(type);
        return new Json(TypeShape.of(mapper, javaType), mapper.writerFor(javaType), mapper.readerFor(javaType));
    }

    private record Json(String shape, ObjectWriter writer, ObjectReader reader) implements Typed {
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
