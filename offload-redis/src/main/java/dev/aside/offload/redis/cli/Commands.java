package dev.aside.offload.redis.cli;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.redis.JobCounts;
import dev.aside.offload.redis.JobDetails;
import dev.aside.offload.redis.JobIndex;
import dev.aside.offload.redis.RedisJobAdmin;
import dev.aside.offload.spi.CancelAnswer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Does what was typed. */
final class Commands {
    private static final int LIMIT = 20;

    private final RedisJobAdmin admin;
    private final Arguments arguments;

    Commands(RedisJobAdmin admin, Arguments arguments) {
        this.admin = admin;
        this.arguments = arguments;
    }

    /** What can be said against a command before Redis is asked. */
    static void check(Verb verb, Arguments arguments) {
        verb.check(arguments);
        switch (verb) {
            case LIST -> {
                index(arguments);
                arguments.limit(LIMIT);
            }
            case RERUN -> {
                boolean all = arguments.has("all") && arguments.has("type");
                if (arguments.words().size() == 3 ? arguments.has("all") || arguments.has("type") : !all) {
                    throw new UsageException("which jobs shall run again is not clear."
                            + " Hint: jobs rerun <id>, or jobs rerun --all --type <type>.");
                }
            }
            case PURGE -> {
                JobIndex index = index(arguments);
                if (index != JobIndex.DEAD && index != JobIndex.FINISHED) {
                    throw new UsageException("only jobs that are over can be purged."
                            + " Hint: --state dead or finished; cancel the others first.");
                }
                arguments.age("older-than");
                if (!arguments.has("yes")) {
                    throw new UsageException("a purge deletes jobs for good. Hint: repeat it with --yes.");
                }
            }
            case CAP -> {
                if (!arguments.word(1).equals("none")) {
                    Arguments.number("cap", arguments.word(1));
                }
            }
            default -> {}
        }
    }

    Reply run(Verb verb) {
        return switch (verb) {
            case LIST -> list();
            case SHOW -> show(arguments.word(0));
            case COUNTS -> counts();
            case CANCEL -> cancel(arguments.word(0));
            case RERUN -> arguments.has("all") ? rerunAll(arguments.text("type", "")) : rerun(arguments.word(0));
            case PURGE -> purge();
            case PAUSE -> pause(arguments.word(0), true);
            case RESUME -> pause(arguments.word(0), false);
            case CAP -> cap(arguments.word(0), arguments.word(1));
            case AUDIT -> audit();
        };
    }

    private static JobIndex index(Arguments arguments) {
        String state = arguments.text("state", "");
        return Arrays.stream(JobIndex.values())
                .filter(index -> index.name().toLowerCase(Locale.ROOT).equals(state))
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        (state.isEmpty() ? "the option --state is missing" : "there is no state '" + state + "'")
                                + ". Hint: it is waiting, delayed, running, dead or finished."));
    }

    private Reply list() {
        JobIndex index = index(arguments);
        String type = arguments.text("type");
        int limit = arguments.limit(LIMIT);
        List<JobRecord> jobs = type == null ? admin.list(index, limit) : admin.list(index, type, limit);
        return new Reply(Documents.jobs(jobs), jobs.isEmpty() ? List.of("no jobs") : Views.jobs(index, jobs), "");
    }

    private Reply counts() {
        List<JobCounts> counts = admin.counts();
        return new Reply(Documents.counts(counts), counts.isEmpty() ? List.of("no jobs") : Views.counts(counts), "");
    }

    private Reply show(String id) {
        JobDetails details = found(id);
        Payload payload = arguments.has("payload") ? admin.payload(id).orElse(null) : null;
        return new Reply(Documents.details(details, payload), Views.details(details, payload), "");
    }

    private JobDetails found(String id) {
        return admin.inspect(id).orElseThrow(() -> unknown(id));
    }

    private static RefusedException unknown(String id) {
        return new RefusedException("there is no job " + Texts.printable(id)
                + ". Hint: its record may have run out; is the namespace the right one?");
    }

    private Reply cancel(String id) {
        CancelAnswer answer = admin.cancel(id, arguments.text("reason", "cancelled by an operator"));
        return switch (answer) {
            case GONE -> throw unknown(id);
            case TERMINAL ->
                throw new RefusedException("the job " + id + " is over already: "
                        + found(id).record().state() + ". Hint: jobs show " + id + " tells more.");
            case CANCELLED -> Reply.of(answer(id, answer), "cancelled " + id);
            case REQUESTED -> Reply.of(answer(id, answer), "asked " + id + " to stop; it may still finish");
        };
    }

    private static JsonNode answer(String id, CancelAnswer answer) {
        return Documents.object().put("id", id).put("answer", answer.name());
    }

    private Reply rerun(String id) {
        switch (admin.rerun(id)) {
            case OK -> {
                return Reply.of(Documents.object().put("rerun", 1), id + " waits to run again");
            }
            case GONE -> throw unknown(id);
            default ->
                throw new RefusedException("the job " + id + " cannot run again: it is "
                        + found(id).record().state()
                        + ". Hint: only dead named jobs can, as long as their payload is kept.");
        }
    }

    private Reply rerunAll(String type) {
        int jobs = admin.rerunAll(type);
        return Reply.of(
                Documents.object().put("rerun", jobs), Texts.jobs(jobs) + " of type " + type + " put back to wait");
    }

    private Reply purge() {
        JobIndex index = index(arguments);
        Duration age = arguments.age("older-than");
        String type = arguments.text("type");
        int jobs = type == null ? admin.purge(index, age) : admin.purge(index, type, age);
        return Reply.of(Documents.object().put("purged", jobs), Texts.jobs(jobs) + " deleted");
    }

    private Reply pause(String type, boolean pause) {
        String note = note(type);
        if (pause) {
            admin.pause(type);
        } else {
            admin.resume(type);
        }
        return new Reply(
                Documents.object().put("type", type).put("paused", pause),
                List.of(Texts.printable(type) + (pause ? " is paused: what runs goes on, nothing starts" : " goes on")),
                note);
    }

    private Reply cap(String type, String cap) {
        String note = note(type);
        Integer most = cap.equals("none") ? null : (Integer) Arguments.number("cap", cap);
        try {
            limit(type, most);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
        return new Reply(
                Documents.object().put("type", type).put("cap", most),
                List.of(Texts.printable(type)
                        + (most == null ? " has no cap" : ": at most " + Texts.jobs(most) + " at once in the cluster")),
                note);
    }

    private void limit(String type, @Nullable Integer most) {
        if (most == null) {
            admin.uncap(type);
        } else {
            admin.cap(type, most);
        }
    }

    /** A misspelt name would be kept and do nothing. */
    private String note(String type) {
        return admin.types().contains(type)
                ? ""
                : "note: there has been no job of type '" + Texts.printable(type)
                        + "' in this namespace yet. Hint: jobs counts shows the types.";
    }

    private Reply audit() {
        int repairs = admin.audit();
        return Reply.of(
                Documents.object().put("repairs", repairs),
                repairs == 0 ? "nothing to repair" : repairs + (repairs == 1 ? " repair" : " repairs"));
    }
}
