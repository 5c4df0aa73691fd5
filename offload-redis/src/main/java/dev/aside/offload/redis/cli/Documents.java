package dev.aside.offload.redis.cli;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.redis.JobCounts;
import dev.aside.offload.redis.JobDetails;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers as JSON. Times are ISO 8601 in UTC, lengths of time milliseconds; what there is not is left out. */
final class Documents {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Documents() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode jobs(List<JobRecord> jobs) {
        ArrayNode array = MAPPER.createArrayNode();
        jobs.forEach(job -> array.add(job(job)));
        return array;
    }

    static ObjectNode job(JobRecord job) {
        ObjectNode json = object().put("id", job.id())
                .put("type", job.type())
                .put("kind", job.kind().name())
                .put("state", job.state().name())
                .put("version", job.version())
                .put("priority", job.priority().name())
                .put("typeVersion", job.typeVersion())
                .put("attempts", job.attempts())
                .put("failures", job.failures())
                .put("crashes", job.crashes())
                .put("cancelRequested", job.cancelRequested());
        time(json, "createdAt", job.createdAt());
        time(json, "startedAt", job.startedAt());
        time(json, "finishedAt", job.finishedAt());
        time(json, "dueAt", job.dueAt());
        time(json, "expiresAt", job.expiresAt());
        text(json, "node", job.node());
        text(json, "reason", job.reason());
        text(json, "error", job.error());
        if (job.progress().total() > 0 || !job.progress().message().isEmpty()) {
            json.putObject("progress")
                    .put("done", job.progress().done())
                    .put("total", job.progress().total())
                    .put("message", job.progress().message());
        }
        problem(json, job.problem());
        return json;
    }

    private static void problem(ObjectNode json, @Nullable JobProblem problem) {
        if (problem != null) {
            ObjectNode inner = json.putObject("problem")
                    .put("type", problem.type())
                    .put("title", problem.title())
                    .put("status", problem.status())
                    .put("retryable", problem.retryable());
            text(inner, "detail", problem.detail());
        }
    }

    static ObjectNode details(JobDetails details, @Nullable Payload payload) {
        ObjectNode json = job(details.record());
        size(json, "payloadBytes", details.payloadBytes());
        size(json, "resultBytes", details.resultBytes());
        if (details.index() != null) {
            json.put("index", details.index().name());
        }
        if (details.left() != null) {
            json.put("leftMillis", details.left().toMillis());
        }
        if (payload != null) {
            json.putObject("payload")
                    .put("contentType", payload.contentType())
                    .put("text", new String(payload.bytes(), StandardCharsets.UTF_8));
        }
        return json;
    }

    static ArrayNode counts(List<JobCounts> types) {
        ArrayNode array = MAPPER.createArrayNode();
        for (JobCounts type : types) {
            ObjectNode json = array.addObject()
                    .put("type", type.type())
                    .put("waiting", type.jobs().waiting())
                    .put("delayed", type.jobs().delayed())
                    .put("running", type.jobs().running())
                    .put("dead", type.jobs().dead())
                    .put("finished", type.jobs().finished())
                    .put("paused", type.paused());
            if (type.cap() > 0) {
                json.put("cap", type.cap());
            }
        }
        return array;
    }

    private static void size(ObjectNode json, String name, long bytes) {
        if (bytes >= 0) {
            json.put(name, bytes);
        }
    }

    private static void time(ObjectNode json, String name, @Nullable Instant time) {
        if (time != null) {
            json.put(name, time.toString());
        }
    }

    private static void text(ObjectNode json, String name, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            json.put(name, text);
        }
    }
}
