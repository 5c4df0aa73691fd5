package dev.aside.spring.offload;

import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.PayloadCodec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payloads and results of named jobs as JSON, by the application's own mapper. Older versions of a payload are read as the
 * present one, as far as the mapper bears that. Thread-safe.
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
}
