package dev.aside.offload.http;

import java.time.Duration;

/**
 * A stream of server-sent events about one job: write the answer's headers, then {@link #opening()}, then {@link #frame}
 * for each new version and {@link #HEARTBEAT} when nothing was written for {@link #heartbeat()}; close it after a job
 * that is over. Immutable.
 */
public final class EventStream {
    /** A comment that readers ignore; it keeps proxies from closing the stream. */
    public static final String HEARTBEAT = ": heartbeat\n\n";

    private final Answer answer;
    private final String jobs;
    private final JobView first;
    private final boolean seen;
    private final EventAnswers events;

    EventStream(Answer answer, String jobs, JobView first, boolean seen, EventAnswers events) {
        this.answer = answer;
        this.jobs = jobs;
        this.first = first;
        this.seen = seen;
        this.events = events;
    }

    /** Status and headers; the body is the stream. */
    public Answer answer() {
        return answer;
    }

    /** What is written first: when to come back after a broken connection, and how the job stands unless that is known. */
    public String opening() {
        String retry = SseFrame.retry(events.reconnect());
        return seen ? retry : retry + frame(first);
    }

    /** The version {@link #opening()} speaks of; only later ones are new. */
    public long version() {
        return first.record().version();
    }

    /** Whether the job is over already, so that the stream ends with its opening. */
    public boolean isOver() {
        return first.isFinished();
    }

    /** How long a stream may be silent. */
    public Duration heartbeat() {
        return events.heartbeat();
    }

    /**
     * One event: {@code id} is the version, {@code event} is {@code state}, or {@code end} for the last one, {@code data}
     * is the status document.
     *
     * @param job the same job, later
     */
    public String frame(JobView job) {
        String data = events.json(job, JobLinks.of(jobs, job.id()));
        return SseFrame.event(job.record().version(), job.isFinished() ? "end" : "state", data);
    }
}
