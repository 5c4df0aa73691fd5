package dev.aside.offload.redis.cli;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.redis.JobCounts;
import dev.aside.offload.redis.JobDetails;
import dev.aside.offload.redis.JobIndex;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers as people read them. */
final class Views {
    private Views() {}

    static List<String> jobs(JobIndex index, List<JobRecord> jobs) {
        Table table = new Table("ID", "TYPE", "STATE", "CREATED", heading(index), "ATTEMPTS", "NOTE");
        for (JobRecord job : jobs) {
            table.row(
                    job.id(),
                    job.type(),
                    job.state(),
                    Texts.time(job.createdAt()),
                    Texts.time(when(index, job)),
                    job.attempts(),
                    Texts.brief(note(index, job)));
        }
        return table.lines();
    }

    private static String heading(JobIndex index) {
        return switch (index) {
            case WAITING, RUNNING -> "STARTED";
            case DELAYED -> "DUE";
            case DEAD, FINISHED -> "ENDED";
        };
    }

    private static @Nullable Instant when(JobIndex index, JobRecord job) {
        return switch (index) {
            case WAITING, RUNNING -> job.startedAt();
            case DELAYED -> job.dueAt();
            case DEAD, FINISHED -> job.finishedAt();
        };
    }

    private static String note(JobIndex index, JobRecord job) {
        if (index == JobIndex.RUNNING) {
            return "on " + job.node() + progress(job) + (job.cancelRequested() ? ", asked to stop" : "");
        }
        return job.error().isEmpty() ? job.reason() : job.error();
    }

    private static String progress(JobRecord job) {
        String message = job.progress().message();
        String part = job.progress().total() > 0
                ? ", " + job.progress().done() + '/' + job.progress().total()
                : "";
        return part + (message.isEmpty() ? "" : ", " + message);
    }

    static List<String> counts(List<JobCounts> types) {
        Table table = new Table("TYPE", "WAITING", "DELAYED", "RUNNING", "DEAD", "FINISHED", "PAUSED", "CAP");
        for (JobCounts type : types) {
            JobCounts.Numbers jobs = type.jobs();
            table.row(
                    type.type(),
                    jobs.waiting(),
                    jobs.delayed(),
                    jobs.running(),
                    jobs.dead(),
                    jobs.finished(),
                    type.paused() ? "yes" : "no",
                    type.cap() > 0 ? type.cap() : "none");
        }
        return table.lines();
    }

    static List<String> details(JobDetails details, @Nullable Payload payload) {
        JobRecord job = details.record();
        List<String> lines = new ArrayList<>();
        line(lines, "id", job.id());
        line(lines, "type", job.type() + " (version " + job.typeVersion() + ")");
        line(lines, "state", job.state() + (job.cancelRequested() ? ", asked to stop" : ""));
        line(lines, "stands", place(details));
        line(lines, "created", Texts.time(job.createdAt()));
        line(lines, "started", Texts.time(job.startedAt()));
        line(lines, "due", Texts.time(job.dueAt()));
        line(lines, "start until", Texts.time(job.expiresAt()));
        line(lines, "ended", Texts.time(job.finishedAt()));
        line(lines, "node", job.node());
        line(lines, "attempts", job.attempts() + (job.crashes() == 0 ? "" : ", processes lost " + job.crashes()));
        line(lines, "progress", progress(job).replaceFirst("^, ", ""));
        line(lines, "reason", job.reason());
        line(lines, "error", job.error());
        line(lines, "problem", job.problem() == null ? "" : job.problem().title());
        line(lines, "payload", Texts.bytes(details.payloadBytes()));
        line(lines, "result", Texts.bytes(details.resultBytes()));
        if (payload != null) {
            lines.add("");
            new String(payload.bytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(Texts::printable)
                    .forEach(lines::add);
        }
        return lines;
    }

    private static String place(JobDetails details) {
        if (details.index() == null) {
            return details.record().state().isTerminal()
                    ? "not listed any more"
                    : "in no index; the next audit puts it back";
        }
        String left = details.left() == null ? "" : Texts.length(details.left());
        return switch (details.index()) {
            case WAITING -> "waiting";
            case DELAYED -> "delayed, due in " + left;
            case RUNNING -> "running, lease " + left;
            case DEAD -> "dead, kept for " + left;
            case FINISHED -> "finished, kept for " + left;
        };
    }

    private static void line(List<String> lines, String name, String value) {
        if (!value.isEmpty() && !value.equals("-")) {
            lines.add(name + " ".repeat(13 - name.length()) + Texts.printable(value));
        }
    }
}
