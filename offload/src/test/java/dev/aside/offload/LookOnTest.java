package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller whose yields are long: whether it goes on yielding depends on what happened meanwhile. */
@Timeout(60)
class LookOnTest {
    private static final Duration YIELD = Duration.ofMillis(2);
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    /** More than one in 20 us of processor time. */
    private static final int CROWD = (int) (YIELD.toNanos() / 20_000 * PROCESSORS) + 10;

    /** Many, as a call is sometimes over before its caller could look on. */
    private static final int CALLS = 2_000;

    private static final int MANY = 20;
    /** Those that are tried although they do not pay: after 64 others, 128, 256 ... */
    private static final int FEW = 8;

    private final ManualTime manual = new ManualTime();
    private volatile boolean processorsAreOurs;
    private final AtomicInteger yields = new AtomicInteger();
    private boolean crowd = true;
    private final OffloadExecutor offload = executor();

    private OffloadExecutor executor() {
        OffloadBuilder options = OffloadExecutor.builder()
                .time(new LongYields())
                .drain(Duration.ZERO)
                .threshold(Duration.ofSeconds(10))
                .type("brief", type -> type.threshold(YIELD.multipliedBy(6)).onWaitTimeout(OnWaitTimeout.CANCEL));
        options.processorTime = () -> processorsAreOurs ? manual.nanoTime() * PROCESSORS : 0;
        return options.build();
    }

    @AfterEach
    void close() {
        offload.close();
    }

    /** Each second reading while a caller looks on comes after its yield, which has taken long. */
    private final class LongYields extends ForwardingTime {
        private boolean yielding;

        LongYields() {
            super(manual);
        }

        @Override
        public long nanoTime() {
            if (StackWalker.getInstance().walk(frames -> frames.limit(2).anyMatch(LookOnTest::looksOn))) {
                yielding = !yielding;
                if (!yielding) {
                    yields.incrementAndGet();
                    others();
                    manual.advance(YIELD);
                }
            }
            return manual.nanoTime();
        }
    }

    private static boolean looksOn(StackWalker.StackFrame frame) {
        return frame.getMethodName().equals("lookOn") && frame.getClassName().equals(Promotion.class.getName());
    }

    /** What else is done meanwhile; the call itself is over after it. */
    private void others() {
        for (int left = crowd ? CROWD : 0; left > 0; left -= 100) {
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(offload.dispatch("tiny", CallOptions.none(), ctx -> 0).toCompletableFuture());
                calls.add(
                        offload.dispatch("brief", CallOptions.none(), ctx -> 0).toCompletableFuture());
            }
            CompletableFuture.allOf(calls.toArray(new CompletableFuture<?>[0])).join();
        }
        while (offload.load().unfinished() > 0) {
            Thread.onSpinWait();
        }
    }

    private void theProcessorsAreOurs() {
        processorsAreOurs = true;
        await().until(() -> {
            manual.advance(Duration.ofNanos(ProcessorShare.WINDOW_NANOS));
            return offload.engine.crowd.explains(0, 0, 0);
        });
    }

    private int yieldsOf(String type) {
        for (int i = 0; i < CALLS && yields.get() < MANY; i++) {
            assertThat(offload.<Integer, RuntimeException>call(type, ctx -> 1)).isEqualTo(new Outcome.Done<>(1));
        }
        return yields.get();
    }

    @Test
    void call_yieldsAreLongInACrowd_goesOn() {
        theProcessorsAreOurs();

        assertThat(yieldsOf("tiny")).isEqualTo(MANY);
    }

    @Test
    void call_yieldsAreLongAndFewCallsEnd_hardlyEver() {
        theProcessorsAreOurs();
        crowd = false;

        assertThat(yieldsOf("tiny")).isBetween(1, FEW);
    }

    @Test
    void call_yieldsAreLongAndOthersHaveTheProcessors_hardlyEver() {
        assertThat(yieldsOf("tiny")).isBetween(1, FEW);
    }

    @Test
    void call_yieldsTakeTooMuchOfTheThreshold_hardlyEver() {
        theProcessorsAreOurs();

        assertThat(yieldsOf("brief")).isBetween(1, FEW);
    }
}
