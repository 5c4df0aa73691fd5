package dev.aside.offload.redis.crash;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.JobStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What became of the accepted jobs, and what of it must not be. Taken when all of them are over; not thread-safe. */
final class Verdict {
    private final Map<String, Facts> facts = new HashMap<>();
    private final Map<String, Integer> ends = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private int starts;
    private int repeated;
    private int crashes;
    private int failures;
    private int refused;
    private int unconfirmed;

    /** What the nodes said of one job. */
    private static final class Facts {
        final Set<Long> started = new HashSet<>();
        final Set<Long> claimed = new HashSet<>();
        final Set<Long> sent = new HashSet<>();
        final Set<Long> accepted = new HashSet<>();
        int released;
        int starts;
    }

    private Verdict(Journal journal) {
        for (Journal.Event event : journal.all()) {
            Facts job = facts.computeIfAbsent(event.jobId(), id -> new Facts());
            switch (event.kind()) {
                case "start" -> {
                    job.started.add(event.epoch());
                    job.starts++;
                }
                case "claimed" -> job.claimed.add(event.epoch());
                case "finish" -> job.sent.add(event.epoch());
                case "finished" -> finished(job, event);
                case "released" -> job.released += event.detail().equals("OK") ? 1 : 0;
                default -> {}
            }
        }
    }

    private void finished(Facts job, Journal.Event event) {
        switch (event.detail()) {
            case "OK", "ALREADY" -> job.accepted.add(event.epoch());
            default -> refused++;
        }
    }

    /** Judges all jobs that were accepted; none of them may be unknown. */
    static Verdict of(Journal journal, JobStore store) {
        return of(journal, store, journal.acked(), false);
    }

    /** @param lossy whether the last moments of the data were lost: then a job may be unknown */
    static Verdict of(Journal journal, JobStore store, List<String> jobs, boolean lossy) {
        Verdict verdict = new Verdict(journal);
        List<Optional<JobRecord>> records = Ends.of(store, jobs);
        for (int i = 0; i < jobs.size(); i++) {
            String id = jobs.get(i);
            Optional<JobRecord> record = records.get(i);
            if (record.isPresent()) {
                verdict.judge(record.get(), store, lossy);
            } else {
                verdict.ends.merge("unknown", 1, Integer::sum);
                verdict.check(lossy, id, "was accepted and is unknown");
            }
        }
        return verdict;
    }

    private void check(boolean holds, String jobId, String otherwise) {
        if (!holds) {
            violations.add(jobId + ' ' + otherwise);
        }
    }

    private void judge(JobRecord record, JobStore store, boolean lossy) {
        String id = record.id();
        Facts job = facts.getOrDefault(id, new Facts());
        starts += job.starts;
        repeated += Math.max(0, job.starts - 1);
        crashes += record.crashes();
        failures += record.failures();
        ends.merge(record.state().toString(), 1, Integer::sum);
        check(record.state().isTerminal(), id, "never ended: " + record.state());
        check(job.starts == job.started.size(), id, "began twice in one epoch");
        if (!lossy) {
            judgeCounts(record, job);
        }
        if (record.state() == JobState.SUCCEEDED) {
            judgeResult(record, job, store, lossy);
        }
    }

    private void judgeCounts(JobRecord record, Facts job) {
        String id = record.id();
        int repeats = record.crashes() + record.failures() + job.released;
        check(
                job.started.size() - 1 <= repeats,
                id,
                "began " + job.started.size() + " times but lost only " + record.crashes() + " owners");
        check(
                record.attempts() <= 1 + record.crashes() + record.failures(),
                id,
                "has " + record.attempts() + " attempts after " + record.crashes() + " crashes and " + record.failures()
                        + " failures");
        check(
                record.attempts() >= job.claimed.size() - job.released,
                id,
                "has " + record.attempts() + " attempts but was claimed " + job.claimed.size() + " times");
    }

    private void judgeResult(JobRecord record, Facts job, JobStore store, boolean lossy) {
        String id = record.id();
        check(lossy || job.accepted.size() <= 1, id, "has results accepted of epochs " + job.accepted);
        check(job.sent.contains(record.epoch()), id, "ended in epoch " + record.epoch() + ", which sent no result");
        if (job.accepted.isEmpty()) {
            unconfirmed++; // its node was killed before it heard the answer
        } else {
            check(lossy || job.accepted.contains(record.epoch()), id, "ended in another epoch than was accepted");
        }
        String result = Ends.get(store.result(id))
                .map(payload -> new String(payload.bytes(), StandardCharsets.UTF_8))
                .orElse("none");
        check(
                result.equals('"' + Work.result(id, record.epoch()) + '"'),
                id,
                "in epoch " + record.epoch() + " has the result " + result);
    }

    List<String> violations() {
        return violations;
    }

    int count(JobState state) {
        return ends.getOrDefault(state.toString(), 0);
    }

    int unknown() {
        return ends.getOrDefault("unknown", 0);
    }

    /** Starts beyond the first of each job. */
    int repeatedStarts() {
        return starts
                - (int) facts.values().stream().filter(job -> job.starts > 0).count();
    }

    int crashes() {
        return crashes;
    }

    int refused() {
        return refused;
    }

    /** What was done and seen. */
    String report(String name, long seed) {
        return String.format(
                Locale.ROOT,
                "crash: %s, seed %d: ends %s; %d starts, %d of them repeated; %d lost owners, %d failures; %d late ends"
                        + " refused, %d accepted unheard; violations %d%n",
                name,
                seed,
                ends,
                starts,
                repeated,
                crashes,
                failures,
                refused,
                unconfirmed,
                violations.size());
    }
}
