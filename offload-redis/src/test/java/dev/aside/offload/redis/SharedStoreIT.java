package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two executors of a process, with work of their own each, on one store. */
@Timeout(60)
class SharedStoreIT {
    private static final JobType<String, String> MAIL = JobType.of("mail", String.class, String.class);
    private static final JobType<String, String> REPORT = JobType.of("report", String.class, String.class);

    private final String namespace = Namespaces.next();

    private RedisJobStore store() {
        return RedisJobStore.builder()
                .uri(RedisServer.shared().uri())
                .namespace(namespace)
                .build();
    }

    private static OffloadExecutor on(RedisJobStore store) {
        return OffloadExecutor.builder()
                .store(store)
                .codec(JacksonPayloadCodec.create())
                .build();
    }

    @Test
    void jobsOfBoth_comeFromElsewhere_andAreHeardOfAtOnce() throws Exception {
        try (RedisJobStore shared = store();
                RedisJobStore elsewhere = store();
                OffloadExecutor mails = on(shared);
                OffloadExecutor reports = on(shared);
                OffloadExecutor producer = on(elsewhere)) {
            mails.jobs().handle(MAIL, (mail, ctx) -> mail);
            reports.jobs().handle(REPORT, (report, ctx) -> report);
            for (int i = 0; i < 3; i++) {
                for (JobType<String, String> type : List.of(MAIL, REPORT)) {
                    assertThat(producer.jobs().enqueue(type, "p" + i).await(Duration.ofSeconds(2)))
                            .as(type + ", not by the look every 5 s")
                            .isTrue();
                }
            }
        }
    }
}
