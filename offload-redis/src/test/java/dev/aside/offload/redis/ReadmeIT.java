package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's job in Redis, run; that it stands there is checked here too. */
@Timeout(60)
class ReadmeIT {
    @Test
    void jobInRedis_asWritten_runs() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            assertThat(sent(redis.uri())).isEqualTo("sent to ann@example.org");
        }
    }

    private static String sent(String uri) throws Exception {
        // spotless:off
        record Email(String to) {}
        JobType<Email, String> sendEmail = JobType.of("email.send", Email.class, String.class);

        try (RedisJobStore store = RedisJobStore.connect(uri);
                OffloadExecutor offload = OffloadExecutor.builder()
                        .store(store)
                        .codec(JacksonPayloadCodec.create())
                        .build()) {
            offload.jobs().handle(sendEmail, (email, ctx) -> "sent to " + email.to()); // on every node that may do it
            JobHandle<String> job = offload.jobs().enqueue(sendEmail, new Email("ann@example.org"));
            job.await(Duration.ofSeconds(10)); // or later, on any node, by its id
            return job.result();
        }
        // spotless:on
    }

    @Test
    void jobInRedis_standsInTheReadme() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/aside/offload/redis/ReadmeIT.java"));
        String shown = source.substring(source.indexOf("record Email"), source.indexOf("        // spotless:on\n"));
        assertThat(flat(Files.readString(Path.of("../README.md")))).contains(flat(shown));
    }

    private static String flat(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }
}
