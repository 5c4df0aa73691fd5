package dev.aside.cache.redis.torture;

import dev.aside.cache.redis.torture.History.Committed;
import dev.aside.cache.redis.torture.Recorder.Invalidated;
import dev.aside.cache.redis.torture.Recorder.Read;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The oracles on the history of one cluster, round by round. One thread. */
final class Checker {
    /** Values, their tags, leases, tags again, fills; two of them are scripts that the server may have forgotten. */
    private static final int ROUND_TRIPS = 7;

    /** Another node's or a joined one, then those of a batch, one after the other. */
    private static final int LOADS = 5;

    /** More than the longest read within its limit, as it began in a round before: what was demanded then must be known. */
    private static final Duration MEMORY = Duration.ofSeconds(90);

    private static final int MOST_SHOWN = 3;
    private static final long BOUND = TortureNode.BOUND.toNanos();
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** A fill may reach Redis as late as its lease allows; then the value's time begins. */
    private static final Duration LATE_FILL = TortureNode.LEASE.plus(TortureNode.TIMEOUT.multipliedBy(2));

    /**
     * What a round was like, beside its history.
     *
     * @param longestLoad how long a loader took at most, or a process was frozen
     * @param longestStall how long this process was not given a processor at most
     * @param outage when all nodes were without Redis
     */
    record Circumstances(long longestLoad, long longestStall, Outage outage) {}

    /**
     * All nodes lost Redis.
     *
     * @param from the first moment
     * @param deliveredInTime whether writers had delivered what was pending before the others' quarantine was over
     */
    record Outage(long from, long to, boolean deliveredInTime) {
        static final Outage NONE = new Outage(0, 0, false);
    }

    /** What a round has shown. */
    record Findings(
            long reads, long invalidations, long pending, long maxAge, long maxLatency, List<Violation> violations) {}

    private final Map<String, Steps> returned = new HashMap<>();
    private final Map<String, Steps> committed = new HashMap<>();
    private final Map<String, Steps> own = new HashMap<>();
    private final Map<String, Steps> pendingInOutage = new HashMap<>();
    private final History history;

    Checker(History history) {
        this.history = history;
    }

    private static Steps of(Map<String, Steps> all, String key) {
        return all.computeIfAbsent(key, k -> new Steps());
    }

    /** Takes the history and checks it. */
    Findings check(Circumstances round) {
        // reads first: what they may have seen is in the others then
        List<Read> reads = history.takeReads();
        List<Invalidated> invalidations = history.takeInvalidations();
        List<Committed> commits = history.takeCommits();
        List<Violation> violations = history.takeUnexpected();
        commits.forEach(commit -> of(committed, commit.key()).add(commit.at(), commit.version()));
        pendingInOutage.clear();
        for (Invalidated done : invalidations) {
            if (!done.pending()) {
                of(returned, done.key()).add(done.end(), done.version());
            } else if (done.end() >= round.outage().from()
                    && done.end() <= round.outage().to()) {
                of(pendingInOutage, done.key()).add(done.end(), done.version());
            }
            of(own, done.node() + done.key()).add(done.end(), done.version());
            checkLatency(done, round, violations);
        }
        long maxAge = 0;
        long maxLatency = 0;
        for (Read read : reads) {
            maxLatency = Math.max(maxLatency, read.end() - read.start());
            String wrong = wrong(read, round);
            if (wrong != null) {
                violations.add(new Violation(
                        Oracle.valueOf(wrong.substring(0, wrong.indexOf(' '))),
                        wrong.substring(wrong.indexOf(' ') + 1),
                        violations.size() < MOST_SHOWN ? slice(read, commits, invalidations, reads) : ""));
            }
            if (read.version() > 0) {
                maxAge =
                        Math.max(maxAge, read.start() - of(returned, read.key()).firstAbove(read.version()));
            }
        }
        long pending = invalidations.stream().filter(Invalidated::pending).count();
        fold(System.nanoTime());
        return new Findings(reads.size(), invalidations.size(), pending, maxAge, maxLatency, violations);
    }

    private void fold(long now) {
        long old = now - MEMORY.toNanos();
        returned.values().forEach(steps -> steps.fold(old));
        committed.values().forEach(steps -> steps.fold(old));
        own.values().forEach(steps -> steps.fold(old));
    }

    /** The oracle and what it says, or null. */
    private String wrong(Read read, Circumstances round) {
        Kind kind = Kind.of(read.key());
        long took = read.end() - read.start();
        long limit = ROUND_TRIPS * TortureNode.TIMEOUT.toNanos()
                + kind.clusterWait().toNanos()
                + LOADS * round.longestLoad()
                + slack(round);
        if (took > limit) {
            return "O6 " + read + " took " + took / MILLI + " ms, " + limit / MILLI + " are the limit";
        }
        if (read.version() <= 0) {
            return null;
        }
        if (read.version() > history.version(read.key())) {
            return "O3 " + read + " is of a version that was never written";
        }
        String key = read.key();
        long needed = of(returned, key).upTo(read.start() - BOUND);
        if (read.version() < needed) {
            return "O1 " + read + ", but " + needed + " was invalidated more than the bound before";
        }
        needed = of(own, read.node() + key).upTo(read.start());
        if (read.version() < needed) {
            return "O1 " + read + ", but this node had invalidated " + needed + " itself";
        }
        long life = kind.life().plus(LATE_FILL).toNanos() + round.longestLoad();
        needed = of(committed, key).upTo(read.start() - life);
        if (read.version() < needed) {
            return "TTL " + read + ", but " + needed + " was written more than " + life / MILLI + " ms before";
        }
        if (round.outage().deliveredInTime()) {
            needed = of(pendingInOutage, key).upTo(read.start() - BOUND);
            if (read.version() < needed) {
                return "O7 " + read + ", but the invalidation of " + needed + " was pending more than the bound before";
            }
        }
        return null;
    }

    private static void checkLatency(Invalidated done, Circumstances round, List<Violation> violations) {
        long took = done.end() - done.start();
        // told that there is no generation, attached again, tried again; on a node that may have been frozen
        long limit = 4 * TortureNode.TIMEOUT.toNanos() + round.longestLoad() + slack(round);
        if (took > limit) {
            violations.add(new Violation(
                    Oracle.O6, done + " took " + took / MILLI + " ms, " + limit / MILLI + " are the limit", ""));
        }
    }

    private static long slack(Circumstances round) {
        return TimeUnit.MILLISECONDS.toNanos(300) + 4 * round.longestStall();
    }

    /** Everything about the key shortly before and during a read, times in milliseconds before its start. */
    private static String slice(Read bad, List<Committed> commits, List<Invalidated> invalidations, List<Read> reads) {
        long from = bad.start() - TimeUnit.MILLISECONDS.toNanos(4000);
        List<Line> lines = new ArrayList<>();
        commits.stream()
                .filter(c -> c.key().equals(bad.key()) && c.at() >= from && c.at() <= bad.end())
                .forEach(c -> lines.add(new Line(c.at(), "committed " + c.version())));
        invalidations.stream()
                .filter(i -> i.key().equals(bad.key()) && i.end() >= from && i.start() <= bad.end())
                .forEach(i -> lines.add(new Line(
                        i.end(),
                        "node " + i.node() + " invalidated " + i.version() + (i.pending() ? ", pending" : "")
                                + ", begun " + (i.end() - i.start()) / 1000 + " us before")));
        reads.stream()
                .filter(r -> r.key().equals(bad.key()) && r.start() >= from && r.start() <= bad.end())
                .forEach(r -> lines.add(new Line(
                        r.start(),
                        "node " + r.node() + " reads " + r.version() + " in " + (r.end() - r.start()) / 1000 + " us"
                                + (r.equals(bad) ? "   <-- " : ""))));
        lines.sort((a, b) -> Long.compare(a.at(), b.at()));
        StringBuilder text = new StringBuilder();
        for (Line line : lines.subList(Math.max(0, lines.size() - 60), lines.size())) {
            text.append(String.format("%9.2f ms %s%n", (line.at() - bad.start()) / 1e6, line.text()));
        }
        return text.toString();
    }

    private record Line(long at, String text) {}
}
