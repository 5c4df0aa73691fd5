package dev.aside.offload.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.job.JobState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OffloadTestTest {
    private static final JobType<String, String> SHOUT = JobType.of("shout", String.class, String.class);

    @Test
    void runAll_doesWhatIsReady_advanceDoesTheRest() {
        try (OffloadTest test = OffloadTest.create(builder -> builder.workers(2))) {
            test.executor().jobs().handle(SHOUT, (text, ctx) -> text.toUpperCase(java.util.Locale.ROOT));
            JobHandle<String> now = test.executor().jobs().enqueue(SHOUT, "now");
            JobHandle<String> later = test.executor()
                    .jobs()
                    .enqueue(
                            SHOUT,
                            "later",
                            EnqueueOptions.builder().delay(Duration.ofHours(1)).build());
            test.assertEnqueued(SHOUT, 2);
            test.runAll();
            assertThat(now.result()).isEqualTo("NOW");
            assertThat(later.status().state()).isEqualTo(JobState.SCHEDULED);
            test.advance(Duration.ofHours(1));
            test.runAll();
            assertThat(later.result()).isEqualTo("LATER");
            assertThat(test.enqueued(SHOUT)).containsExactly(now.id(), later.id());
        }
    }

    @Test
    void assertEnqueued_otherNumber_saysWhatIsThere() {
        try (OffloadTest test = OffloadTest.create(builder -> builder)) {
            test.executor().jobs().enqueue(SHOUT, "x");
            assertThatThrownBy(() -> test.assertEnqueued(SHOUT, 2))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("expected 2 jobs of type 'shout' to be enqueued, found 1 among [shout]");
        }
    }
}
