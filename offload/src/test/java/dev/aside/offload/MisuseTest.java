package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MisuseTest {
    /** A slow machine must not turn an answer of these tests into a job. */
    private static OffloadExecutor patient() {
        return OffloadExecutor.builder().threshold(TypeOptions.MAX_THRESHOLD).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "7", "a b", "report/42", "ärger", "-x"})
    void call_notAName_isRefusedWithHint(String type) {
        try (OffloadExecutor offload = patient()) {
            assertThatThrownBy(() -> offload.call(type, ctx -> 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("job type '" + type + "' is not a name. Hint: a letter, then");
        }
    }

    @Test
    void call_nameTooLong_isRefusedAndCutInMessage() {
        try (OffloadExecutor offload = patient()) {
            assertThatThrownBy(() -> offload.call("x".repeat(500), ctx -> 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
        }
    }

    @Test
    void call_undeclaredType_isRefusedWithKnownOnes() {
        try (OffloadExecutor offload = OffloadExecutor.builder()
                .type("pdf", type -> type)
                .type("mail", type -> type)
                .declaredTypesOnly()
                .threshold(TypeOptions.MAX_THRESHOLD)
                .build()) {
            assertThat(offload.call("pdf", ctx -> 1)).isEqualTo(new Outcome.Done<>(1));
            assertThatThrownBy(() -> offload.call("pfd", ctx -> 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("job type 'pfd' is not declared. Hint: known are [mail, pdf];"
                            + " declare it with OffloadBuilder.type.");
        }
    }

    @Test
    void call_idsAsTypes_isRefusedAtTheLimit() {
        try (OffloadExecutor offload = patient()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i <= 1_000; i++) {
                            offload.call("report-" + i, ctx -> 1);
                        }
                    })
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("job type 'report-1000' is one more than 1000 types")
                    .hasMessageContaining("not an id");
        }
    }

    @Test
    void call_insideATask_isRefusedNamingBoth() {
        try (OffloadExecutor offload = patient()) {
            assertThatThrownBy(() -> offload.call("outer", ctx -> offload.call("inner", inner -> 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("a call of job type 'inner' was asked for inside work of job type 'outer'"
                            + " of the same executor: it would hold a worker to wait for a worker. Hint: ");
        }
    }

    @Test
    @SuppressWarnings("try") // close is what is tested
    void close_insideATask_isRefused() {
        try (OffloadExecutor offload = patient()) {
            assertThatThrownBy(() -> offload.call("outer", ctx -> {
                        offload.close();
                        return 1;
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("close was asked for inside work of job type 'outer'");
            assertThat(offload.call("still", ctx -> "open")).isEqualTo(new Outcome.Done<>("open"));
        }
    }

    @Test
    void call_otherExecutorInsideATask_isAllowed() {
        try (OffloadExecutor outer = patient();
                OffloadExecutor inner = patient()) {
            assertThat(outer.call("outer", ctx -> inner.call("inner", c -> 1)))
                    .isEqualTo(new Outcome.Done<>(new Outcome.Done<>(1)));
        }
    }

    @Test
    void call_afterClose_isRefused() {
        OffloadExecutor offload = patient();
        offload.close();
        offload.close();

        assertThatThrownBy(() -> offload.call("report", ctx -> 1))
                .isInstanceOf(ExecutorClosedException.class)
                .hasMessage("the offload executor is closed, so a call of job type report is refused.");
    }

    @Test
    void builder_valueOutOfRange_isRefusedOnTheSpot() {
        refused(b -> b.threshold(Duration.ofMillis(-1)), "threshold PT-0.001S is not within PT0S..PT1M.");
        refused(b -> b.threshold(Duration.ofMinutes(2)), "threshold PT2M is not within PT0S..PT1M.");
        refused(b -> b.workers(0), "workers 0 is below 1.");
        refused(b -> b.maxBacklog(-1), "maxBacklog -1 is below 0.");
        refused(b -> b.defaults(d -> d.maxConcurrent(0)), "maxConcurrent 0 is below 1.");
        refused(b -> b.drain(Duration.ofDays(2)), "drain PT48H is not within PT0S..PT24H.");
        refused(b -> b.type("a", t -> t).type("a", t -> t), "job type 'a' is declared twice.");
        refused(b -> b.type("no name", t -> t), "job type 'no name' is not a name.");
    }

    private static void refused(Consumer<OffloadBuilder> step, String message) {
        assertThatThrownBy(() -> step.accept(OffloadExecutor.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void progress_outOfRange_isRefusedToTheTask() {
        try (OffloadExecutor offload = patient()) {
            assertThatThrownBy(() -> offload.call("report", ctx -> {
                        ctx.progress(5, 4);
                        return 1;
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("progress 5/4 is not between 0 and its total.");
        }
    }
}
