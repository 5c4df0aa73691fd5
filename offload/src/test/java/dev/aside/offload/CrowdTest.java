package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private static final int PROCESSORS = 4;
    private static final long YIELD = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long PATIENCE = 8 * YIELD;
    /** One in 20 us of processor time. */
    private static final long ENOUGH = 400;

    private final ManualTime time = new ManualTime();
    private final AtomicLong used = new AtomicLong();
    private final Crowd crowd =
            new Crowd(new ProcessorShare(time, used::get, () -> PROCESSORS, Runnable::run), () -> PROCESSORS);

    private void processorsHaveBeen(int percentOurs) {
        crowd.explains(YIELD, ENOUGH, PATIENCE);
        used.addAndGet(ProcessorShare.WINDOW_NANOS * PROCESSORS * percentOurs / 100);
        time.advance(Duration.ofNanos(ProcessorShare.WINDOW_NANOS));
    }

    @Test
    void explains_callsEndAndAllProcessorsAreOurs_true() {
        processorsHaveBeen(95);
        crowd.explains(YIELD, ENOUGH, PATIENCE);

        assertThat(crowd.explains(YIELD, ENOUGH, PATIENCE)).isTrue();
    }

    @Test
    void explains_otherProgramsCompute_false() {
        processorsHaveBeen(80);
        crowd.explains(YIELD, ENOUGH, PATIENCE);

        assertThat(crowd.explains(YIELD, ENOUGH, PATIENCE)).isFalse();
    }

    @Test
    void explains_fewCallsEnd_false() {
        processorsHaveBeen(100);

        assertThat(crowd.explains(YIELD, ENOUGH, PATIENCE)).isTrue();
        assertThat(crowd.explains(YIELD, ENOUGH - 1, PATIENCE)).isFalse();
    }

    @Test
    void explains_takesMoreThanAnEighth_false() {
        processorsHaveBeen(100);

        assertThat(crowd.explains(YIELD, ENOUGH, PATIENCE)).isTrue();
        assertThat(crowd.explains(YIELD, ENOUGH, PATIENCE - 8)).isFalse();
    }

    @Test
    void explains_moreThanAnybodyShouldWait_false() {
        processorsHaveBeen(100);

        assertThat(crowd.explains(TimeUnit.MILLISECONDS.toNanos(25), Integer.MAX_VALUE, Long.MAX_VALUE))
                .isTrue();
        assertThat(crowd.explains(TimeUnit.MILLISECONDS.toNanos(26), Integer.MAX_VALUE, Long.MAX_VALUE))
                .isFalse();
    }
}
