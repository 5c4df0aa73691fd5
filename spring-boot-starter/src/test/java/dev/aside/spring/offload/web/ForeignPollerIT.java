package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.rest.Response;
import com.azure.core.http.rest.SimpleResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.polling.DefaultPollingStrategy;
import com.azure.core.util.polling.LocationPollingStrategy;
import com.azure.core.util.polling.LongRunningOperationStatus;
import com.azure.core.util.polling.PollerFlux;
import com.azure.core.util.polling.PollingStrategy;
import com.azure.core.util.polling.SyncPoller;
import com.azure.core.util.serializer.TypeReference;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.memory.InMemoryJobStore;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.Owner;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** A well-known client of long-running operations comes to the right verdict about our jobs, without knowing them. */
@Timeout(120)
class ForeignPollerIT {
    private static final TypeReference<BinaryData> DATA = TypeReference.createInstance(BinaryData.class);

    private static OffloadApp app;
    private static final HttpPipeline PIPELINE =
            new HttpPipelineBuilder().httpClient(new PlainHttpClient()).build();

    @Configuration(proxyBeanMethods = false)
    static class Store {
        @Bean
        JobStore store() {
            return InMemoryJobStore.builder().build();
        }
    }

    @BeforeAll
    static void start() {
        app = OffloadApp.start(List.of(Operations.class, Store.class));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    private static SyncPoller<BinaryData, BinaryData> poller(
            String path, PollingStrategy<BinaryData, BinaryData> strategy) {
        HttpRequest request = new HttpRequest(HttpMethod.POST, app.address() + path);
        Mono<Response<?>> begun = PIPELINE.send(request).flatMap(ForeignPollerIT::response);
        return PollerFlux.create(Duration.ofMillis(100), () -> begun, strategy, DATA, DATA)
                .getSyncPoller();
    }

    private static Mono<Response<?>> response(HttpResponse answer) {
        if (answer.getStatusCode() >= 400) {
            return Mono.error(new IllegalStateException("status " + answer.getStatusCode()));
        }
        return answer.getBodyAsByteArray()
                .map(body -> new SimpleResponse<>(
                        answer.getRequest(), answer.getStatusCode(), answer.getHeaders(), BinaryData.fromBytes(body)));
    }

    private static SyncPoller<BinaryData, BinaryData> standard(String query) {
        return poller("/operations?" + query, new DefaultPollingStrategy<>(PIPELINE));
    }

    private static SyncPoller<BinaryData, BinaryData> located(String query) {
        return poller("/located?" + query, new LocationPollingStrategy<>(PIPELINE));
    }

    private static void open(String gate) {
        app.bean(Operations.class).gate(gate).countDown();
    }

    private static LongRunningOperationStatus verdict(SyncPoller<BinaryData, BinaryData> poller) {
        return poller.waitForCompletion(Duration.ofSeconds(30)).getStatus();
    }

    /** The last job of a type: the one a test has begun. */
    private static String job(SyncPoller<BinaryData, BinaryData> poller) {
        String document = poller.poll().getValue().toString();
        return new tools.jackson.databind.json.JsonMapper()
                .readTree(document)
                .get("id")
                .asString();
    }

    /** As if its node had died: what the store is told then. */
    private static void lose(String id) {
        JobStore store = app.bean(JobStore.class);
        JobRecord record = store.find(id).toCompletableFuture().join().orElseThrow();
        store.finish(id, new Owner(record.node(), record.epoch()), JobEnd.without(JobState.LOST, JobProblem.lost(), ""))
                .toCompletableFuture()
                .join();
    }

    @Test
    void standardChain_succeeded_hasTheResult() {
        SyncPoller<BinaryData, BinaryData> poller = standard("gate=s1&fails=false");
        open("s1");
        assertThat(verdict(poller)).isEqualTo(LongRunningOperationStatus.SUCCESSFULLY_COMPLETED);
        assertThat(poller.getFinalResult()).hasToString("{\"name\":\"s1\"}");
    }

    @Test
    void standardChain_failed_saysSo() {
        SyncPoller<BinaryData, BinaryData> poller = standard("gate=s2&fails=true");
        open("s2");
        assertThat(verdict(poller)).isEqualTo(LongRunningOperationStatus.FAILED);
    }

    @Test
    void standardChain_cancelled_saysSo() {
        SyncPoller<BinaryData, BinaryData> poller = standard("gate=s3&fails=false");
        app.delete("/jobs/" + job(poller));
        assertThat(verdict(poller)).isEqualTo(LongRunningOperationStatus.USER_CANCELLED);
    }

    @Test
    void standardChain_lost_isFailed() {
        SyncPoller<BinaryData, BinaryData> poller = standard("gate=s4&fails=false");
        lose(job(poller));
        assertThat(verdict(poller)).isEqualTo(LongRunningOperationStatus.FAILED);
        open("s4");
    }

    @Test
    void standardChain_inline_isDoneAtOnce() {
        open("s5");
        SyncPoller<BinaryData, BinaryData> poller = standard("gate=s5&fails=false");
        assertThat(verdict(poller)).isEqualTo(LongRunningOperationStatus.SUCCESSFULLY_COMPLETED);
        assertThat(poller.getFinalResult()).hasToString("{\"name\":\"s5\"}");
        open("s6");
        assertThatThrownBy(() -> verdict(standard("gate=s6&fails=true"))).hasMessageContaining("409");
    }

    @Test
    void location_succeeded_hasTheResult() {
        SyncPoller<BinaryData, BinaryData> poller = located("gate=l1&fails=false");
        open("l1");
        assertThat(verdict(poller)).isEqualTo(LongRunningOperationStatus.SUCCESSFULLY_COMPLETED);
        assertThat(poller.getFinalResult()).hasToString("{\"name\":\"l1\"}");
    }

    @Test
    void location_failed_saysSo() {
        SyncPoller<BinaryData, BinaryData> poller = located("gate=l2&fails=true");
        open("l2");
        assertThat(verdict(poller)).isEqualTo(LongRunningOperationStatus.FAILED);
    }

    @Test
    void location_cancelledOrLost_isFailed() {
        SyncPoller<BinaryData, BinaryData> cancelled = located("gate=l3&fails=false");
        app.delete("/jobs/" + job(cancelled));
        assertThat(verdict(cancelled)).isEqualTo(LongRunningOperationStatus.FAILED);
        SyncPoller<BinaryData, BinaryData> lost = located("gate=l4&fails=false");
        lose(job(lost));
        assertThat(verdict(lost)).isEqualTo(LongRunningOperationStatus.FAILED);
        open("l4");
    }
}
