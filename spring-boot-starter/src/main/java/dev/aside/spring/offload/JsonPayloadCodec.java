package dev.aside.spring.offload;

import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.PayloadCodec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payloads and results of named jobs as JSON, by the application's own mapper, of types in their first version.
 * Thread-safe.
 */
public final class JsonPayloadCodec implements PayloadCodec {
    private final JsonMapper mapper;

    /** A codec that writes with this mapper. */
    public JsonPayloadCodec(JsonMapper mapper) {
        this.mapper = Objects.requireNonNull(mapper, "mapper");
    }

    @Override
    public Payload encode(String type, int version, @Nullable Object value) {
        return Payload.of(mapper.writeValueAsBytes(value), "application/json");
    }

    @Override
    public <T> @Nullable T decode(String type, int version, Payload payload, Class<T> target) {
        return target == Void.class ? null : mapper.readValue(payload.bytes(), target);
    }

    @Override
    public void checkVersion(String type, int version) {
        if (version > 1) { // the mapper would read an older payload as one with holes
            throw new IllegalArgumentException("job type '" + type + "' is handled in version " + version
                    + " and the application's mapper knows nothing of versions. Hint: a PayloadCodec bean, such as"
                    + " JacksonPayloadCodec.builder().upcaster(\"" + type + "\", " + (version - 1) + ", node -> ...).");
        }
    }
}
