package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.http.Headers;
import dev.aside.offload.job.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class StoredResponseTest {
    private static final StoredResponse RESPONSE = new StoredResponse(
            201,
            Headers.builder()
                    .add("Content-Type", "application/json")
                    .add("Link", "<a>")
                    .add("Link", "<b>")
                    .add("X-Name", "grün")
                    .build(),
            "{\"name\":\"grün\"}".getBytes(StandardCharsets.UTF_8));

    @Test
    void response_writtenAndRead_isTheSame() {
        StoredResponse read = StoredResponse.of(RESPONSE.toPayload());
        assertThat(read.status()).isEqualTo(201);
        assertThat(read.headers()).isEqualTo(RESPONSE.headers());
        assertThat(read.body()).isEqualTo(RESPONSE.body());
    }

    @Test
    void response_goldenFile_isStillWritten() throws IOException {
        try (InputStream file = StoredResponseTest.class.getResourceAsStream("/stored-response-v1.hex")) {
            String golden = new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip();
            assertThat(HexFormat.of().formatHex(RESPONSE.toPayload().bytes())).isEqualTo(golden);
        }
    }

    @Test
    void response_ofALaterVersion_isRefusedWithAHint() {
        byte[] bytes = RESPONSE.toPayload().bytes();
        bytes[0] = 2;
        assertThatThrownBy(() -> StoredResponse.of(Payload.of(bytes, StoredResponse.CONTENT_TYPE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 2")
                .hasMessageContaining("Hint:");
    }

    @Test
    void response_cutAnywhere_isRefused() {
        byte[] bytes = RESPONSE.toPayload().bytes();
        for (int length = 0; length < bytes.length; length++) {
            Payload cut = Payload.of(Arrays.copyOf(bytes, length), StoredResponse.CONTENT_TYPE);
            assertThatThrownBy(() -> StoredResponse.of(cut))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("damaged");
        }
    }

    @Test
    void codec_withoutAnother_keepsOtherValuesAsTheyAre() {
        ResponseCodec codec = new ResponseCodec(null);
        Object value = new Object();
        assertThat(codec.encode("t", 0, value).value()).isSameAs(value);
        assertThat(codec.decode("t", 0, codec.encode("t", 0, RESPONSE), StoredResponse.class)
                        .status())
                .isEqualTo(201);
        assertThatThrownBy(() -> codec.decode("t", 0, Payload.of(new byte[0], "application/json"), String.class))
                .hasMessageContaining("Hint: a PayloadCodec bean");
    }
}
