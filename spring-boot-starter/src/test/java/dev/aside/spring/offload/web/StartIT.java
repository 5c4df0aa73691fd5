package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.spring.offload.web.OffloadApp.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What offloaded endpoints answer, over real sockets. */
@Timeout(120)
class StartIT {
    private static OffloadApp app;
    private static Reports reports;

    @BeforeAll
    static void start() {
        app = OffloadApp.start(List.of(Reports.class));
        reports = app.bean(Reports.class);
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private static String query(String month, boolean slow) {
        return "{\"month\":\"" + month + "\",\"slow\":" + slow + "}";
    }

    @Test
    void start_doneInTime_isAnsweredAsIfSynchronous() {
        Reply reply = app.post("/reports", query("2026-01", false), "Prefer", "wait=20");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.body()).isEqualTo("{\"month\":\"2026-01\",\"total\":12}");
        assertThat(reply.header("Vary")).isEqualTo("Prefer");
        assertThat(reply.header("Preference-Applied")).isEqualTo("wait=20");
        assertThat(reply.has("Location")).isFalse();
    }

    @Test
    void start_slow_becomesAJobWithItsAnswer() {
        Reply accepted = app.post("/reports", query("2026-02", true));
        assertThat(accepted.status()).isEqualTo(202);
        String location = accepted.header("Location");
        assertThat(location).startsWith(app.address() + "/jobs/");
        assertThat(accepted.header("Operation-Location")).isEqualTo(location + "?redirect=false");
        assertThat(accepted.header("Retry-After")).isEqualTo("1");
        assertThat(accepted.header("Vary")).isEqualTo("Prefer");
        assertThat(accepted.header("Cache-Control")).isEqualTo("no-store");
        assertThat(accepted.header("Content-Type")).isEqualTo("application/json");
        assertThat(accepted.text("/status")).isEqualTo("Running");
        assertThat(accepted.text("/type")).isEqualTo("report");
        assertThat(accepted.text("/progress/message")).isEqualTo("page 40");
        Reply running = app.get(location);
        assertThat(running.status()).isEqualTo(202);
        reports.open("2026-02");
        Reply over = app.get(location, "Prefer", "wait=20", "If-None-Match", running.header("ETag"));
        assertThat(over.status()).isEqualTo(303);
        assertThat(over.header("Location")).isEqualTo(location + "/result");
        Reply result = app.get(over.header("Location"));
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.body()).isEqualTo("{\"month\":\"2026-02\",\"total\":12}");
        assertThat(result.header("Content-Type")).isEqualTo("application/json");
        assertThat(result.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(result.has("ETag")).isTrue();
    }
}
