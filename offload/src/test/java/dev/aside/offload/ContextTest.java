package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.ContextCarrier;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What calls and jobs take along; the code of docs/jobs.md among it. */
@Timeout(30)
class ContextTest {
    private static final ThreadLocal<String> LOCALE = new ThreadLocal<>();
    private static final JobType<String, String> SEEN = JobType.of("seen", String.class, String.class);

    /** A logging context as there are many: null when empty. */
    private static final class Mdc {
        private static final ThreadLocal<Map<String, String>> TEXTS = new ThreadLocal<>();

        static Map<String, String> copy() {
            return TEXTS.get() == null ? null : new HashMap<>(TEXTS.get());
        }

        static void set(Map<String, String> texts) {
            TEXTS.set(texts);
        }
    }

    private final InMemoryJobStore store = InMemoryJobStore.builder().build();
    private final OffloadExecutor offload = executor();

    private OffloadExecutor executor() {
        return OffloadExecutor.builder()
                .store(store)
                .workers(1)
                .platformThreads()
                // spotless:off
                .context(ContextCarrier.texts("mdc.", Mdc::copy, Mdc::set, Set.of("traceId")))
                .context(ContextCarrier.text("locale", LOCALE::get, LOCALE::set))
                // spotless:on
                .build();
    }

    private static String seen() {
        Map<String, String> texts = Mdc.copy();
        return texts == null
                ? "nothing " + LOCALE.get()
                : texts.get("traceId") + " " + texts.get("secret") + " " + LOCALE.get();
    }

    @AfterEach
    void close() {
        LOCALE.remove();
        Mdc.TEXTS.remove();
        offload.close();
        store.close();
    }

    @Test
    void call_hasAllOfTheCallers_andTheWorkerIsCleanAfterwards() {
        Mdc.set(new HashMap<>(Map.of("traceId", "t1", "secret", "s1")));
        LOCALE.set("de");
        assertThat(offload.call("work", ctx -> seen())).isEqualTo(new Outcome.Done<>("t1 s1 de"));
        Mdc.TEXTS.remove();
        LOCALE.remove();
        assertThat(offload.call("work", ctx -> seen())).isEqualTo(new Outcome.Done<>("null null null"));
    }

    @Test
    void call_thatChangesItsContext_doesNotChangeTheCallers() {
        Mdc.set(new HashMap<>(Map.of("traceId", "t1")));
        assertThat(offload.call("work", ctx -> {
                    Mdc.TEXTS.get().put("traceId", "changed");
                    return seen();
                }))
                .isEqualTo(new Outcome.Done<>("changed null null"));
        assertThat(seen()).isEqualTo("t1 null null");
    }

    @Test
    void namedJob_hasWhatMayLeaveTheProcess_andNothingElse() {
        Mdc.set(new HashMap<>(Map.of("traceId", "t2", "secret", "s2")));
        LOCALE.set("fr");
        JobHandle<String> job = offload.jobs().enqueue(SEEN, "payload");
        assertThat(job.status().record().context())
                .containsOnly(Map.entry("mdc.traceId", "t2"), Map.entry("locale", "fr"));
        try (OffloadExecutor other = executor()) {
            other.jobs().handle(SEEN, (payload, ctx) -> seen());
            await().until(() -> job.status().isFinished());
            assertThat(job.result()).isEqualTo("t2 null fr");
        }
    }
}
