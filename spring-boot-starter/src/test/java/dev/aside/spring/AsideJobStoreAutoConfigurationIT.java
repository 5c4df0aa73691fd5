package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.JobSnapshot;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.offload.job.JobState;
import dev.aside.offload.redis.RedisJobStore;
import dev.aside.offload.spi.JobStore;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class AsideJobStoreAutoConfigurationIT {
    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    JacksonAutoConfiguration.class,
                    AsideJobStoreAutoConfiguration.class,
                    AsideAutoConfiguration.class,
                    AsideOffloadAutoConfiguration.class));

    private static String shared() {
        return RedisServer.shared().uri();
    }

    @Test
    void nothingSaid_jobsStayInMemory() {
        boot.run(context -> assertThat(context).doesNotHaveBean(JobStore.class));
    }

    @Test
    void uri_set_nodesShareJobs() {
        ApplicationContextRunner node = boot.withPropertyValues(
                "aside.offload.redis.uri=" + shared(),
                "aside.offload.redis.namespace=starter-jobs",
                "aside.offload.redis.lease=12s",
                "aside.offload.threshold=50ms");
        node.run(one -> node.run(other -> {
            assertThat(one.getBean(RedisJobStore.class).lease()).isEqualTo(Duration.ofSeconds(12));
            CountDownLatch go = new CountDownLatch(1);
            Outcome<String> outcome = one.getBean(OffloadExecutor.class).call("report", ctx -> {
                go.await();
                return "done";
            });
            String id = ((Outcome.Promoted<String>) outcome).job().id();
            OffloadExecutor elsewhere = other.getBean(OffloadExecutor.class);
            assertThat(elsewhere.find(id).map(JobSnapshot::state)).contains(JobState.RUNNING);
            go.countDown();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(elsewhere.find(id).map(JobSnapshot::state))
                            .contains(JobState.SUCCEEDED));
            assertThat(elsewhere.find(id).orElseThrow().result(String.class)).isEqualTo("done");
        }));
    }

    @Test
    void enabled_false_winsOverTheUri() {
        boot.withPropertyValues("aside.offload.redis.uri=" + shared(), "aside.offload.redis.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(JobStore.class));
    }

    @Test
    void redisThatEvicts_isRefused_withTheProperties() {
        try (RedisServer evicting =
                RedisServer.builder().config("maxmemory-policy allkeys-lru").start()) {
            ApplicationContextRunner jobs = boot.withPropertyValues("aside.offload.redis.uri=" + evicting.uri());
            jobs.run(context -> {
                assertThat(context).hasFailed();
                assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("throws jobs away when it is full: its maxmemory-policy is allkeys-lru");
                assertThat(context.getStartupFailure())
                        .cause()
                        .cause()
                        .hasMessageContaining("aside.offload.redis.allow-eviction to true if jobs may be lost");
            });
            jobs.withPropertyValues("aside.offload.redis.allow-eviction=true")
                    .run(context -> assertThat(context).hasSingleBean(RedisJobStore.class));
        }
    }
}
