package dev.aside.offload.redis;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobPriority;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobProgress;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job's record as a hash: short names, so that Redis keeps it compact. */
final class RecordFields {
    private static final String CONTEXT = "c:";

    private RecordFields() {}

    /**
     * What a new named job brings; state, times and counters are the script's. What {@link #read} takes for granted is left
     * out: fields are what a queue in Redis costs most.
     */
    static List<Object> named(JobRecord record, Payload payload) {
        List<Object> fields = new ArrayList<>();
        if (record.typeVersion() > 1) {
            add(fields, "tv", record.typeVersion());
        }
        if (record.priority() != JobPriority.NORMAL) {
            add(fields, "pri", record.priority().name());
        }
        if (!payload.contentType().isEmpty()) {
            add(fields, "ct", payload.contentType());
        }
        context(record, fields);
        return fields;
    }

    /** What a job brings that is in the hands of its process already. */
    static void tracked(JobRecord record, @Nullable Payload payload, List<Object> to) {
        if (payload != null) {
            add(to, "ct", payload.contentType());
        }
        add(to, "st", record.state().name());
        add(to, "own", record.node());
        add(to, "ep", record.epoch());
        add(to, "att", record.attempts());
        add(to, "fail", record.failures());
        add(to, "crash", record.crashes());
        add(to, "tv", record.typeVersion());
        add(to, "pri", record.priority().name());
        add(to, "pen", record.priority().penalty().toMillis());
        add(to, "why", record.reason());
        add(to, "pd", record.progress().done());
        add(to, "pt", record.progress().total());
        add(to, "pm", record.progress().message());
        add(to, "cat", record.createdAt().toEpochMilli());
        time(to, "sat", record.startedAt());
        time(to, "due", record.dueAt());
        if (record.cancelRequested()) {
            add(to, "cxl", 1);
        }
        context(record, to);
    }

    private static void context(JobRecord record, List<Object> to) {
        record.context().forEach((name, value) -> add(to, CONTEXT + name, value));
    }

    private static void time(List<Object> to, String name, @Nullable Instant time) {
        if (time != null) {
            add(to, name, time.toEpochMilli());
        }
    }

    private static void add(List<Object> to, String name, Object value) {
        to.add(name);
        to.add(value);
    }

    /** The record of a hash as a script returns it: names and values in turn; of two values the last one counts. */
    static JobRecord read(String id, List<?> flat) {
        Map<String, byte[]> fields = new HashMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            fields.put(Bytes.text(flat.get(i)), (byte[]) flat.get(i + 1));
        }
        return read(id, fields);
    }

    static JobRecord read(String id, Map<String, byte[]> hash) {
        Fields fields = new Fields(hash);
        return JobRecord.builder(id, fields.text("type", ""))
                .kind(JobKind.valueOf(fields.text("k", JobKind.NAMED.name())))
                .state(JobState.valueOf(fields.text("st", "")))
                .version(fields.number("ver"))
                .node(fields.text("own", ""))
                .epoch(fields.number("ep"))
                .attempts((int) fields.number("att"))
                .failures((int) fields.number("fail"))
                .crashes((int) fields.number("crash"))
                .createdAt(Instant.ofEpochMilli(fields.number("cat")))
                .startedAt(fields.time("sat"))
                .finishedAt(fields.time("fat"))
                .dueAt(fields.time("due"))
                .expiresAt(fields.time("exp"))
                .cancelRequested(fields.has("cxl"))
                .detached(fields.has("det"))
                .reason(fields.text("why", ""))
                .progress(new JobProgress(fields.number("pd"), fields.number("pt"), fields.text("pm", "")))
                .problem(fields.has("pb") ? problem(fields.text("pb", "")) : null)
                .error(fields.text("err", ""))
                .priority(JobPriority.valueOf(fields.text("pri", JobPriority.NORMAL.name())))
                .typeVersion((int) Math.max(1, fields.number("tv")))
                .context(fields.context())
                .build();
    }

    static Payload payload(List<?> flat, byte[] bytes) {
        for (int i = 0; i < flat.size(); i += 2) {
            if (Bytes.text(flat.get(i)).equals("ct")) {
                return Payload.of(bytes, Bytes.text(flat.get(i + 1)));
            }
        }
        return Payload.of(bytes, "");
    }

    /** A problem as one field: status, retryable, type, title, and the detail if there is one. */
    static String text(JobProblem problem) {
        List<String> parts = new ArrayList<>(List.of(
                String.valueOf(problem.status()),
                problem.retryable() ? "1" : "0",
                problem.type().replace('\n', ' '),
                problem.title().replace('\n', ' ')));
        if (problem.detail() != null) {
            parts.add(problem.detail());
        }
        return String.join("\n", parts);
    }

    private static JobProblem problem(String text) {
        String[] parts = text.split("\n", 5);
        return new JobProblem(
                parts[2],
                parts[3],
                Integer.parseInt(parts[0]),
                parts.length > 4 ? parts[4] : null,
                parts[1].equals("1"));
    }

    private record Fields(Map<String, byte[]> hash) {
        boolean has(String name) {
            return hash.containsKey(name);
        }

        String text(String name, String otherwise) {
            byte[] value = hash.get(name);
            return value == null ? otherwise : Bytes.text(value);
        }

        long number(String name) {
            byte[] value = hash.get(name);
            return value == null ? 0 : Long.parseLong(Bytes.text(value));
        }

        @Nullable Instant time(String name) {
            return has(name) ? Instant.ofEpochMilli(number(name)) : null;
        }

        Map<String, String> context() {
            Map<String, String> context = new HashMap<>();
            hash.forEach((name, value) -> {
                if (name.startsWith(CONTEXT)) {
                    context.put(name.substring(CONTEXT.length()), Bytes.text(value));
                }
            });
            return context;
        }
    }
}
