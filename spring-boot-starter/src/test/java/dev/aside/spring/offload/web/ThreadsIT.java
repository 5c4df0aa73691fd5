package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.OffloadExecutor;
import dev.aside.spring.offload.web.WebNode.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No thread of the server waits for work, for a change of a job, or for the next event. */
@Timeout(120)
class ThreadsIT {
    private static final int WAITING = 40;

    @Test
    void waitingClients_moreThanThreads_holdNone() throws Exception {
        try (OffloadApp app = OffloadApp.start(List.of(Reports.class), "server.tomcat.threads.max=4")) {
            Reports reports = app.bean(Reports.class);
            List<CompletableFuture<Reply>> calls = new ArrayList<>();
            for (int i = 0; i < WAITING; i++) {
                calls.add(app.later(app.request("/reports", "Content-Type", "application/json", "Prefer", "wait=30")
                        .POST(BodyPublishers.ofString("{\"month\":\"threads\",\"slow\":true}"))));
            }
            Reply job = app.post("/reports", "{\"month\":\"threads\",\"slow\":true}", "Prefer", "wait=0");
            String location = job.header("Location");
            String version = app.get(location).header("ETag");
            for (int i = 0; i < WAITING; i++) {
                calls.add(app.later(app.request(location, "Prefer", "wait=30", "If-None-Match", version)
                        .GET()));
            }
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> app.bean(OffloadExecutor.class).load().running() == WAITING + 1);
            await().atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(busy())
                            .as("threads of the server at work")
                            .isEmpty());
            assertThat(calls).noneMatch(CompletableFuture::isDone);
            assertThat(app.get("/plain").status()).isEqualTo(200);
            reports.open("threads");
            for (CompletableFuture<Reply> call : calls) {
                assertThat(call.get(30, TimeUnit.SECONDS).status()).isIn(200, 303);
            }
        }
    }

    /** Threads that serve requests and are inside of Spring at the moment. */
    private static List<String> busy() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().contains("-exec-"))
                .filter(ThreadsIT::isInSpring)
                .map(thread -> thread.getKey().getName() + List.of(thread.getValue()))
                .toList();
    }

    private static boolean isInSpring(Map.Entry<Thread, StackTraceElement[]> thread) {
        return Stream.of(thread.getValue())
                .anyMatch(frame -> frame.getClassName().startsWith("org.springframework.web.servlet."));
    }
}
