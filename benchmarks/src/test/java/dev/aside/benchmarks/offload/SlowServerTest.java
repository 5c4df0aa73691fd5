package dev.aside.benchmarks.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of {@link SlowServerMain}: what is true on any machine, however busy. */
@Timeout(60)
class SlowServerTest {
    @Test
    void twoHundredCallers_ofTwentyPermits_allGetTheirOwnResult() throws IOException {
        SlowServer.tuneJdkServer();
        try (SlowServer server = SlowServer.offloading();
                SlowCallers callers = new SlowCallers(server.url())) {
            callers.round(200, Duration.ZERO);
            assertThat(callers.failures).isEmpty();
            assertThat(callers.inline.get() + callers.jobs.get()).isEqualTo(200);
            // no more than the first waves can be done within the threshold, so most ids were resolved
            assertThat(callers.jobs.get()).isGreaterThanOrEqualTo(100);
        }
    }
}
