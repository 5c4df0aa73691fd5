package dev.aside.cache.redis;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.cbor.CBORMapper;
import tools.jackson.dataformat.smile.SmileMapper;

/** The mappers of optional formats: one class each, loaded only if the format is asked for. */
final class JacksonFormats {
    private JacksonFormats() {}

    /** Binary JSON. */
    static final class Smile {
        private Smile() {}

        static ObjectMapper mapper() {
            return JacksonCodec.settings(SmileMapper.builder()).build();
        }
    }

    /** RFC 8949. */
    static final class Cbor {
        private Cbor() {}

        static ObjectMapper mapper() {
            return JacksonCodec.settings(CBORMapper.builder()).build();
        }
    }
}
