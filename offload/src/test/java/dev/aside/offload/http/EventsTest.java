package dev.aside.offload.http;

import static dev.aside.offload.http.Samples.answered;
import static dev.aside.offload.http.Samples.contract;
import static dev.aside.offload.http.Samples.job;
import static dev.aside.offload.http.Samples.next;
import static dev.aside.offload.http.Samples.options;
import static dev.aside.offload.http.Samples.problem;
import static dev.aside.offload.http.Samples.record;
import static dev.aside.offload.http.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsTest {
    private static String json(JobView job) {
        Answer document = contract().polled(request("Accept", "application/vnd.aside.job+json"), job);
        return ((Body.Document) document.body()).toJson();
    }

    @Test
    void events_newReader_opensWithTheStateOfNow() {
        EventStream stream = next(contract().events(request(), job(JobState.RUNNING)));
        assertThat(stream.answer().status()).isEqualTo(200);
        assertThat(stream.answer().headers().toMap())
                .hasToString("{Cache-Control=[no-store], Content-Type=[text/event-stream], X-Accel-Buffering=[no]}");
        assertThat(stream.opening())
                .isEqualTo("retry: 1000\n\nid: 7\nevent: state\ndata: " + json(job(JobState.RUNNING)) + "\n\n");
        assertThat(stream.version()).isEqualTo(7);
        assertThat(stream.isOver()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"6", "x", "8", "-7"})
    void events_readerSawAnotherVersionOrNonsense_opensWithTheStateOfNow(String seen) {
        EventStream stream = next(contract().events(request("Last-Event-ID", seen), job(JobState.RUNNING)));
        assertThat(stream.opening()).contains("id: 7\nevent: state\n");
    }

    @Test
    void events_readerSawThisVersion_opensWithoutIt() {
        EventStream stream = next(contract().events(request("Last-Event-ID", "7"), job(JobState.RUNNING)));
        assertThat(stream.opening()).isEqualTo("retry: 1000\n\n");
    }

    @Test
    void events_jobIsOver_opensWithTheEndAndEnds() {
        EventStream stream = next(contract().events(request(), job(JobState.FAILED)));
        assertThat(stream.isOver()).isTrue();
        assertThat(stream.opening()).contains("id: 7\nevent: end\ndata: {");
    }

    @Test
    void events_readerSawTheEnd_is204SoThatItStaysAway() {
        Answer answer = answered(contract().events(request("Last-Event-ID", "7"), job(JobState.SUCCEEDED)));
        assertThat(answer.status()).isEqualTo(204);
    }

    @Test
    void frame_laterVersion_isTheNextEvent() {
        EventStream stream = next(contract().events(request(), job(JobState.RUNNING)));
        JobView end = JobView.of(record(JobState.SUCCEEDED).version(8).build());
        assertThat(stream.frame(end)).isEqualTo("id: 8\nevent: end\ndata: " + json(end) + "\n\n");
    }

    @Test
    void heartbeat_option_isHandedOn() {
        HttpContract contract = options().heartbeat(Duration.ofSeconds(5)).build();
        assertThat(next(contract.events(request(), job(JobState.RUNNING))).heartbeat())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(EventStream.HEARTBEAT).startsWith(":").endsWith("\n\n");
    }

    @Test
    void events_hostileHost_is400() {
        HttpContract contract = HttpContract.builder().addressesFromRequest().build();
        assertThat(problem(answered(contract.events(request("Host", "a b"), job(JobState.RUNNING)))))
                .isEqualTo("host-refused");
    }
}
