package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobState;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/** Two releases of an application on one store, each with its classes; only bytes go from one to the other. */
@Timeout(30)
class RollingDeployTest {
    private record OldMail(String to) {}

    private record NewMail(List<String> recipients, int copies) {}

    private static final JobType<OldMail, String> OLD = JobType.of("mail", OldMail.class, String.class);
    private static final JobType<NewMail, String> NEW =
            JobType.of("mail", NewMail.class, String.class).version(2);

    private final ManualTime time = new ManualTime();
    private final InMemoryJobStore store =
            InMemoryJobStore.builder().time(time).lease(Duration.ofSeconds(30)).build();
    private final List<OffloadExecutor> nodes = new ArrayList<>();

    private OffloadExecutor node(JacksonPayloadCodec codec) {
        OffloadExecutor node = OffloadExecutor.builder()
                .time(time)
                .store(store)
                .codec(codec)
                .workers(2)
                .drain(Duration.ZERO)
                .build();
        nodes.add(node);
        return node;
    }

    private OffloadExecutor oldNode() {
        return node(JacksonPayloadCodec.create());
    }

    private OffloadExecutor newNode() {
        return node(JacksonPayloadCodec.builder()
                .upcaster("mail", 1, node -> {
                    ObjectNode mail = (ObjectNode) node;
                    mail.putArray("recipients").add(mail.remove("to"));
                    return mail.put("copies", 1);
                })
                .build());
    }

    @AfterEach
    void close() {
        nodes.forEach(OffloadExecutor::close);
    }

    private void awaitEnd(List<JobHandle<String>> jobs) {
        await().until(() -> {
            time.advance(Duration.ofSeconds(1));
            return jobs.stream().allMatch(job -> job.status().isFinished());
        });
    }

    @Test
    void bothReleases_shareTheWork_andEachPayloadMeetsCodeThatKnowsIt() {
        OffloadExecutor old = oldNode();
        OffloadExecutor updated = newNode();
        List<JobHandle<String>> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            jobs.add(old.jobs().enqueue(OLD, new OldMail("old-" + i)));
            jobs.add(updated.jobs().enqueue(NEW, new NewMail(List.of("new-" + i), 2)));
        }
        old.jobs().handle(OLD, (mail, ctx) -> "old code: " + mail.to());
        updated.jobs().handle(NEW, (mail, ctx) -> "new code: " + mail);
        awaitEnd(jobs);

        for (int i = 0; i < 20; i++) {
            assertThat(jobs.get(2 * i).result())
                    .isIn("old code: old-" + i, "new code: NewMail[recipients=[old-" + i + "], copies=1]");
            assertThat(jobs.get(2 * i + 1).result())
                    .isEqualTo("new code: NewMail[recipients=[new-" + i + "], copies=2]");
        }
        assertThat(jobs).allSatisfy(job -> {
            assertThat(job.status().record().attempts()).isEqualTo(1);
            assertThat(job.status().record().failures()).isZero();
        });
    }

    @Test
    void payloadNobodyCanRead_isDeadAtOnce_andRunsOnceTheUpcasterIsThere() {
        OffloadExecutor old = oldNode();
        JobHandle<String> job = old.jobs().enqueue(OLD, new OldMail("old"));
        OffloadExecutor forgetful =
                node(JacksonPayloadCodec.builder().oldest("mail", 2).build());
        forgetful.jobs().handle(NEW, (mail, ctx) -> "never");
        awaitEnd(List.of(job));
        assertThat(job.status().state()).isEqualTo(JobState.FAILED);
        assertThat(job.status().problem()).contains(JobProblem.notReadable("payload"));
        assertThat(job.status().record().error()).contains("Hint: an upcaster from version 1, then run the job again.");

        forgetful.close();
        OffloadExecutor mended = newNode();
        mended.jobs().handle(NEW, (mail, ctx) -> "sent to " + mail.recipients());
        assertThat(mended.jobs().rerun(job.id())).isTrue();
        awaitEnd(List.of(job));
        assertThat(job.result()).isEqualTo("sent to [old]");
    }
}
