package dev.aside.spring.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.job.Payload;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

class JsonPayloadCodecTest {
    private final JsonPayloadCodec codec = new JsonPayloadCodec(JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build());

    private record Mail(String sentTo) {}

    @Test
    void value_writtenAndRead_isTheSameByTheMapperGiven() {
        Payload payload = codec.encode("mail", 1, new Mail("a@b"));
        assertThat(payload.bytes()).asString().isEqualTo("{\"sent_to\":\"a@b\"}");
        assertThat(codec.decode("mail", 1, payload, Mail.class)).isEqualTo(new Mail("a@b"));
        assertThat(codec.decode("mail", 0, payload, Void.class)).isNull();
    }

    @Test
    void handler_ofALaterVersion_isRefusedWithTheWayOut() {
        codec.checkVersion("mail", 1);
        assertThatThrownBy(() -> codec.checkVersion("mail", 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("job type 'mail' is handled in version 2")
                .hasMessageContaining("Hint: a PayloadCodec bean");
    }
}
