package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.JobStore;
import dev.aside.spring.offload.web.WebNode.Reply;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Two nodes over a store that keeps bytes only; the second one has no class of what the first one answers. */
@Timeout(120)
class NodesIT {
    private static final InMemoryJobStore SHARED = InMemoryJobStore.builder().build();
    private static OffloadApp here;
    private static OffloadApp there;

    @Configuration(proxyBeanMethods = false)
    static class Store {
        @Bean(destroyMethod = "")
        JobStore bytes() {
            return (JobStore) Proxy.newProxyInstance(
                    JobStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("keepsReferences")) {
                            return false;
                        }
                        try {
                            return method.invoke(SHARED, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    @BeforeAll
    static void start() {
        here = OffloadApp.start(List.of(Reports.class, Store.class));
        there = OffloadApp.start(List.of(Operations.class, Store.class));
    }

    @AfterAll
    static void stop() {
        here.close();
        there.close();
        SHARED.close();
    }

    private static String started(String month) {
        Reply accepted = here.post("/entities", "{\"month\":\"" + month + "\",\"slow\":true}");
        assertThat(accepted.status()).isEqualTo(202);
        return "/jobs/" + accepted.text("/id");
    }

    @Test
    void job_startedHere_isPolledAndReadThere() {
        String job = started("nodes-1");
        Reply running = there.get(job);
        assertThat(running.status()).isEqualTo(202);
        here.bean(Reports.class).open("nodes-1");
        Reply over = there.get(job, "Prefer", "wait=20", "If-None-Match", running.header("ETag"));
        assertThat(over.status()).isEqualTo(303);
        assertThat(over.header("Location")).isEqualTo(there.address() + job + "/result");
        Reply result = there.get(job + "/result");
        assertThat(result.status()).isEqualTo(201);
        assertThat(result.body()).isEqualTo("{\"month\":\"nodes-1\",\"total\":12}");
        assertThat(result.header("Content-Type")).isEqualTo("application/json");
        assertThat(result.header("X-Report")).isEqualTo("nodes-1");
        assertThat(result.header("ETag")).isEqualTo("\"v1\"");
        assertThat(here.get(job + "/result").body()).isEqualTo(result.body());
    }

    @Test
    void job_startedHere_isCancelledThere() {
        String job = started("nodes-2");
        assertThat(there.delete(job).status()).isIn(200, 202);
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(
                        () -> assertThat(here.get(job + "?redirect=false").text("/status"))
                                .isEqualTo("Canceled"));
    }
}
