package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.memory.InMemoryJobStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/** The code about payloads in docs/jobs.md, compiled and run. */
@Timeout(30)
class PayloadsPageTest {
    private record OldEmail(String to) {}

    private record SendEmail(String to, String language) {}

    @Test
    void upcaster_asWritten_bringsOldPayloadsUpToDate() throws Exception {
        InMemoryJobStore store = InMemoryJobStore.create();
        JobHandle<String> job;
        try (OffloadExecutor old = OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .build()) {
            job = old.jobs().enqueue(JobType.of("email.send", OldEmail.class, String.class), new OldEmail("a@b"));
        }
        // spotless:off
        JobType<SendEmail, String> SEND_EMAIL = JobType.of("email.send", SendEmail.class, String.class).version(2);
        JacksonPayloadCodec codec = JacksonPayloadCodec.builder()
                .upcaster("email.send", 1, email -> ((ObjectNode) email).put("language", "en")) // from version 1 to 2
                .build();
        OffloadExecutor offload = OffloadExecutor.builder().store(store).codec(codec).build();
        // spotless:on
        try (offload) {
            offload.jobs().handle(SEND_EMAIL, (email, ctx) -> email.toString());
            JobHandle<String> same = offload.jobs().find(SEND_EMAIL, job.id()).orElseThrow();
            assertThat(same.await(Duration.ofSeconds(20))).isTrue();
            assertThat(same.result()).isEqualTo("SendEmail[to=a@b, language=en]");
        }
    }
}
