package dev.aside.offload.http;

import java.time.Duration;

/** The answers of a job's event address. Immutable. */
final class EventAnswers {
    private final Documents documents;
    private final Duration heartbeat;
    private final Duration reconnect;

    EventAnswers(Documents documents, Duration heartbeat, Duration reconnect) {
        this.documents = documents;
        this.heartbeat = heartbeat;
        this.reconnect = reconnect;
    }

    Decision<EventStream> events(JobRequest request, JobView job, String jobs) {
        boolean seen = request.lastEventId() == job.record().version();
        Headers.Builder headers = Headers.builder().set("Cache-Control", "no-store");
        if (seen && job.isFinished()) {
            // the one answer after which a browser does not come back
            return new Decision.Answered<>(Answer.empty(204, headers));
        }
        headers.set("Content-Type", MediaTypes.EVENTS).set("X-Accel-Buffering", "no");
        return new Decision.Next<>(new EventStream(Answer.empty(200, headers), jobs, job, seen, this));
    }

    String json(JobView job, JobLinks links) {
        return JsonText.of(documents.document(job, links));
    }

    Duration heartbeat() {
        return heartbeat;
    }

    Duration reconnect() {
        return reconnect;
    }
}
