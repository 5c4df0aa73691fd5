package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProcessorShareTest {
    private static final int PROCESSORS = 2;

    private final ManualTime time = new ManualTime();
    private final AtomicLong used = new AtomicLong(1_000);
    private final ProcessorShare share = new ProcessorShare(time, used::get, () -> PROCESSORS, Runnable::run);

    /** Each processor is used for so many ms of the next 200. */
    private boolean afterAWindowWith(int millis) {
        used.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis) * PROCESSORS);
        time.advance(Duration.ofNanos(ProcessorShare.WINDOW_NANOS));
        return share.isNearlyAll();
    }

    @Test
    void isNearlyAll_firstQuestion_notKnown() {
        assertThat(share.isNearlyAll()).isFalse();
    }

    @Test
    void isNearlyAll_all_true() {
        share.isNearlyAll();

        assertThat(afterAWindowWith(200)).isTrue();
        assertThat(afterAWindowWith(180)).isTrue();
    }

    @Test
    void isNearlyAll_othersHaveAFifth_false() {
        share.isNearlyAll();
        afterAWindowWith(200);

        assertThat(afterAWindowWith(160)).isFalse();
    }

    @Test
    void isNearlyAll_askedAgainAtOnce_asBefore() {
        share.isNearlyAll();
        afterAWindowWith(200);

        time.advance(Duration.ofMillis(199));

        assertThat(share.isNearlyAll()).isTrue();
    }

    @Test
    void isNearlyAll_nobodyAskedForLong_notKnown() {
        share.isNearlyAll();
        afterAWindowWith(200);
        used.addAndGet(TimeUnit.SECONDS.toNanos(10) * PROCESSORS);
        time.advance(Duration.ofSeconds(10));

        assertThat(share.isNearlyAll()).isFalse();
        assertThat(afterAWindowWith(200)).isTrue();
    }

    @Test
    void isNearlyAll_answerIsOld_notKnown() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        ProcessorShare slow = new ProcessorShare(time, used::get, () -> PROCESSORS, tasks::add);
        slow.isNearlyAll();
        tasks.remove().run();
        used.addAndGet(ProcessorShare.WINDOW_NANOS * PROCESSORS);
        time.advance(Duration.ofNanos(ProcessorShare.WINDOW_NANOS));
        slow.isNearlyAll();
        tasks.remove().run();
        assertThat(slow.isNearlyAll()).isTrue();

        time.advance(Duration.ofNanos(3 * ProcessorShare.WINDOW_NANOS));

        assertThat(slow.isNearlyAll()).isFalse();
        assertThat(slow.isNearlyAll()).isFalse();
        assertThat(tasks).as("one at a time").hasSize(1);
    }

    @Test
    void isNearlyAll_processorTimeUnknown_false() {
        ProcessorShare unknown = new ProcessorShare(time, () -> -1, () -> PROCESSORS, Runnable::run);

        for (int i = 0; i < 3; i++) {
            assertThat(unknown.isNearlyAll()).isFalse();
            time.advance(Duration.ofNanos(ProcessorShare.WINDOW_NANOS));
        }
    }

    @Test
    void isNearlyAll_noThread_asksAgainLater() {
        AtomicLong asked = new AtomicLong();
        ProcessorShare poor = new ProcessorShare(time, used::get, () -> PROCESSORS, task -> {
            if (asked.incrementAndGet() == 1) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        });

        assertThat(poor.isNearlyAll()).isFalse();
        poor.isNearlyAll();
        assertThat(asked).hasValue(1);
        time.advance(Duration.ofNanos(ProcessorShare.WINDOW_NANOS));
        poor.isNearlyAll();
        assertThat(asked).hasValue(2);
    }

    @Test
    void isNearlyAll_lookFails_isLookedAtAgain() {
        AtomicLong asked = new AtomicLong();
        ProcessorShare failing = new ProcessorShare(
                time,
                () -> {
                    asked.incrementAndGet();
                    throw new IllegalStateException("on purpose");
                },
                () -> PROCESSORS,
                Runnable::run);

        assertThatThrownBy(failing::isNearlyAll).hasMessage("on purpose");
        assertThat(failing.isNearlyAll()).isFalse();
        assertThat(asked).hasValue(1);
        time.advance(Duration.ofNanos(ProcessorShare.WINDOW_NANOS));
        assertThatThrownBy(failing::isNearlyAll).hasMessage("on purpose");
        assertThat(asked).hasValue(2);
    }

    @Test
    void isNearlyAll_askedBeforeALookAndHeardAfterIt_isNotLookedAtAgain() {
        List<Long> looks = new ArrayList<>();
        ProcessorShare twice = new ProcessorShare(
                time,
                () -> {
                    looks.add(time.nanoTime());
                    return 1;
                },
                () -> PROCESSORS,
                task -> {
                    task.run();
                    task.run();
                });

        twice.isNearlyAll();

        assertThat(looks).hasSize(1);
    }

    @Test
    @Timeout(30)
    void usedByThisProcess_threadComputes_grows() {
        long before = ProcessorShare.usedByThisProcess();

        assertThat(before).isPositive();
        while (ProcessorShare.usedByThisProcess() <= before) {
            Thread.onSpinWait();
        }
    }
}
