package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.job.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class UpcastsTest {
    /** In version 1 it had {@code name}, in version 2 {@code title}, since version 3 a list of formats. */
    record Report(String title, List<String> formats) {}

    private static JsonNode renamed(JsonNode v1) {
        ObjectNode report = (ObjectNode) v1;
        report.set("title", report.remove("name"));
        return report;
    }

    private static JsonNode listed(JsonNode v2) {
        ObjectNode report = (ObjectNode) v2;
        report.putArray("formats").add(report.remove("format"));
        return report;
    }

    private final JacksonPayloadCodec codec = JacksonPayloadCodec.builder()
            .upcaster("report", 2, UpcastsTest::listed)
            .upcaster("report", 1, UpcastsTest::renamed)
            .build();

    private static Payload json(String text) {
        return Payload.of(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "application/json");
    }

    @Test
    void everyVersion_isBroughtUpToThePresentOne() {
        Report report = new Report("sales", List.of("pdf"));
        assertThat(codec.decode("report", 1, json("{'name':'sales','format':'pdf'}"), Report.class))
                .isEqualTo(report);
        assertThat(codec.decode("report", 2, json("{'title':'sales','format':'pdf'}"), Report.class))
                .isEqualTo(report);
        assertThat(codec.decode("report", 3, json("{'title':'sales','formats':['pdf']}"), Report.class))
                .isEqualTo(report);
        assertThat(codec.decode("report", 0, json("{'title':'sales','formats':['pdf']}"), Report.class))
                .as("a result has no version")
                .isEqualTo(report);
    }

    @Test
    void versionOutOfReach_isAClearException() {
        assertThatThrownBy(() -> codec.decode("report", 4, json("{}"), Report.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the payload of a job of type 'report' is of version 4 and this codec reads versions 1..3."
                        + " Hint: it is for a process with newer code.");
        JacksonPayloadCodec forgetful = JacksonPayloadCodec.builder()
                .oldest("report", 2)
                .upcaster("report", 2, UpcastsTest::listed)
                .build();
        assertThatThrownBy(() -> forgetful.decode("report", 1, json("{}"), Report.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("reads versions 2..3. Hint: an upcaster from version 1, then run the job again.");
    }

    @Test
    void upcasterFails_isAClearException() {
        for (String surprise : List.of("[]", "null", "7")) {
            assertThatThrownBy(() -> codec.decode("report", 1, json(surprise), Report.class))
                    .as(surprise)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("the upcaster of job type 'report' from version ")
                    .hasMessageContaining("failed with");
        }
        JacksonPayloadCodec absent = JacksonPayloadCodec.builder()
                .upcaster("report", 1, node -> null)
                .build();
        assertThatThrownBy(() -> absent.decode("report", 1, json("{}"), Report.class))
                .hasMessageContaining("from version 1 failed with java.lang.NullPointerException");
    }

    @Test
    void gap_isRefusedWhenTheCodecIsBuilt() {
        assertThatThrownBy(() -> JacksonPayloadCodec.builder()
                        .upcaster("report", 1, node -> node)
                        .upcaster("report", 3, node -> node)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("job type 'report' has upcasters from versions [1, 3] and none from 2."
                        + " Hint: add it, or say oldest(\"report\", 3) if no older payload is left.");
        assertThatThrownBy(() -> JacksonPayloadCodec.builder()
                        .upcaster("report", 1, node -> node)
                        .oldest("report", 2)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has upcasters from versions [1] and its oldest version is 2");
    }

    @Test
    void handlerOfAnotherVersion_isRefused() {
        codec.checkVersion("report", 3);
        codec.checkVersion("mail", 1);
        assertThatThrownBy(() -> codec.checkVersion("report", 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("job type 'report' is handled in version 4 and has no upcaster from version 3."
                        + " Hint: JacksonPayloadCodec.builder().upcaster(\"report\", 3, node -> ...),"
                        + " or oldest(\"report\", 4) if no older payload is left.");
        assertThatThrownBy(() -> codec.checkVersion("report", 2))
                .hasMessage("job type 'report' is handled in version 2 and its upcasters lead to version 3."
                        + " Hint: raise the version of the JobType.");
        assertThatThrownBy(() -> codec.checkVersion("mail", 2)).hasMessageContaining("no upcaster from version 1");
        JacksonPayloadCodec fresh =
                JacksonPayloadCodec.builder().oldest("mail", 2).build();
        fresh.checkVersion("mail", 2);
    }

    @Test
    void mistakes_areNamedOnTheSpot() {
        JacksonPayloadCodec.Builder builder = JacksonPayloadCodec.builder().upcaster("report", 1, node -> node);
        assertThatThrownBy(() -> builder.upcaster("report", 1, node -> node))
                .hasMessage("job type 'report' has an upcaster from version 1 already.");
        assertThatThrownBy(() -> builder.upcaster("report", 0, node -> node)).hasMessageContaining("0 is below 1");
        assertThatThrownBy(() -> builder.upcaster("no name", 1, node -> node)).hasMessageContaining("is not a name");
    }
}
