package dev.aside.offload.memory;

import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.BeatAnswer;
import dev.aside.offload.spi.CancelAnswer;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobUpdate;
import dev.aside.offload.spi.KeyClaim;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.Purge;
import dev.aside.offload.spi.Submission;
import dev.aside.offload.spi.TimeSource;
import dev.aside.offload.spi.WriteAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the in-memory store: the same decisions as a shared store takes in its scripts. Guarded by the
 * store's lock. What changed is collected in {@code changes}, what became startable in {@code startable}.
 */
final class Book {
    final Map<String, Entry> entries = new HashMap<>();
    final Retention retention;
    final List<JobRecord> changes = new ArrayList<>();
    final List<String> startable = new ArrayList<>();

    private final Ready ready = new Ready();
    private final Keys keys = new Keys();
    private final InMemoryJobStore.Builder options;
    private final TimeSource time;
    private final long maxValueBytes;
    private int deaths;

    Book(InMemoryJobStore.Builder options) {
        this.options = options;
        this.time = options.time;
        this.maxValueBytes = options.maxBytes / 4;
        this.retention = new Retention(entries, keys, options);
    }

    // ---- new jobs

    Admission track(JobRecord record, @Nullable Payload payload, @Nullable KeyClaim key) {
        Admission refused = refusal(record, payload, key);
        if (refused != null) {
            return refused;
        }
        add(new Entry(record.toBuilder().version(1).build()), payload, key);
        return new Admission(Admission.Answer.ACCEPTED, record.id());
    }

    Admission submit(Submission submission) {
        JobRecord record = submission.record();
        Admission refused = refusal(record, submission.payload(), submission.key());
        if (refused != null) {
            return refused;
        }
        if (submission.maxBacklog() > 0 && ready.waiting(record.type()) >= submission.maxBacklog()) {
            return new Admission(Admission.Answer.FULL, record.id());
        }
        boolean later = !submission.delay().isZero();
        Entry entry = new Entry(record.toBuilder()
                .kind(JobKind.NAMED)
                .state(later ? JobState.SCHEDULED : JobState.QUEUED)
                .createdAt(time.instant())
                .dueAt(later ? time.instant().plus(submission.delay()) : null)
                .version(1)
                .build());
        add(entry, submission.payload(), submission.key());
        await(entry, submission.delay());
        return new Admission(Admission.Answer.ACCEPTED, record.id());
    }

    private @Nullable Admission refusal(JobRecord record, @Nullable Payload payload, @Nullable KeyClaim key) {
        if (entries.containsKey(record.id())) {
            return new Admission(Admission.Answer.ACCEPTED, record.id());
        }
        Admission conflict = key == null ? null : keys.conflict(record.type(), key, time.nanoTime());
        if (conflict != null) {
            return conflict;
        }
        if (payload != null && weigh(payload) > maxValueBytes) {
            return new Admission(Admission.Answer.TOO_LARGE, record.id());
        }
        if (entries.size() >= options.maxJobs) {
            retention.makeRoom();
        }
        return entries.size() < options.maxJobs ? null : new Admission(Admission.Answer.FULL, record.id());
    }

    private void add(Entry entry, @Nullable Payload payload, @Nullable KeyClaim key) {
        entry.payload = payload;
        entry.payloadWeight = payload == null ? 0 : weigh(payload);
        entries.put(entry.record.id(), entry);
        if (key != null) {
            keys.claim(entry, key, time.nanoTime());
        }
        renew(entry);
        retention.added(entry);
    }

    private void await(Entry entry, Duration delay) {
        long now = time.nanoTime();
        if (delay.isZero()) {
            ready.ready(entry, now);
        } else {
            ready.delayed(entry, now + delay.toNanos());
        }
        startable.add(entry.record.type());
    }

    private void renew(Entry entry) {
        entry.leaseUntil = time.nanoTime() + options.lease.toNanos();
    }

    WriteAnswer untrack(String jobId, Owner owner) {
        Entry entry = entries.get(jobId);
        if (entry == null) {
            return WriteAnswer.GONE;
        }
        if (!entry.isOwnedBy(owner)) {
            return WriteAnswer.FENCED;
        }
        ready.remove(entry); // its lease may have run out
        if (entry.key != null) {
            changes.add(entry.record);
        }
        entries.remove(jobId);
        entry.ends++; // its expiries are void
        keys.forget(entry);
        retention.removed(entry);
        return WriteAnswer.OK;
    }

    // ---- claims

    Claims claim(ClaimRequest request) {
        long now = time.nanoTime();
        Map<String, Integer> room = new HashMap<>(request.room());
        room.keySet().forEach(type -> becomeReady(type, now));
        List<Claims.Claimed> claimed = new ArrayList<>();
        while (claimed.size() < request.max()) {
            Entry next = first(room);
            if (next == null) {
                break;
            }
            ready.remove(next);
            Payload payload = next.payload;
            if (payload == null || isExpired(next)) {
                end(next, JobEnd.without(JobState.EXPIRED, JobProblem.expired(), ""));
                continue;
            }
            long epoch = Math.max(next.record.epoch() + 1, time.instant().toEpochMilli());
            replace(
                    next,
                    next.record.toBuilder()
                            .state(JobState.RUNNING)
                            .node(request.node())
                            .epoch(epoch)
                            .attempts(next.record.attempts() + 1)
                            .startedAt(time.instant())
                            .dueAt(null));
            renew(next);
            room.merge(next.record.type(), -1, Integer::sum);
            claimed.add(new Claims.Claimed(next.record, payload));
        }
        return new Claims(claimed, ready.untilNextDue(request.room().keySet(), now));
    }

    private void becomeReady(String type, long now) {
        for (Entry due = ready.due(type, now); due != null; due = ready.due(type, now)) {
            long dueSince = due.order;
            replace(due, due.record.toBuilder().state(JobState.QUEUED).dueAt(null));
            ready.ready(due, dueSince);
        }
    }

    private @Nullable Entry first(Map<String, Integer> room) {
        return room.entrySet().stream()
                .filter(type -> type.getValue() > 0)
                .map(type -> ready.first(type.getKey()))
                .filter(entry -> entry != null)
                .min(Comparator.comparingLong((Entry entry) -> entry.order).thenComparingLong(entry -> entry.sequence))
                .orElse(null);
    }

    private boolean isExpired(Entry entry) {
        return entry.record.attempts() == 0
                && entry.record.expiresAt() != null
                && entry.record.expiresAt().isBefore(time.instant());
    }

    // ---- writes of owners

    WriteAnswer update(Entry entry, JobUpdate update) {
        JobRecord now = entry.record;
        boolean mayMove = now.kind() == JobKind.LOCAL // an update says how it stands, others may have been left out
                || now.state() == update.state()
                || now.state().canBecome(update.state());
        if (now.state().isTerminal() || !mayMove) {
            return WriteAnswer.FENCED;
        }
        JobRecord.Builder next = now.toBuilder()
                .state(update.state())
                .attempts(update.attempts())
                .failures(update.failures())
                .dueAt(update.dueAt())
                .progress(update.progress());
        if (update.state() == JobState.RUNNING && now.state() != JobState.RUNNING) {
            next.startedAt(time.instant());
            ready.remove(entry); // a lease that had run out: taken back
        }
        renew(entry);
        replace(entry, next);
        return WriteAnswer.OK;
    }

    WriteAnswer finish(Entry entry, JobEnd end) {
        JobState state = entry.record.state();
        if (state.isTerminal()) {
            return state == end.state() ? WriteAnswer.ALREADY : WriteAnswer.FENCED;
        }
        if (state == JobState.SCHEDULED && entry.record.kind() == JobKind.NAMED) {
            return WriteAnswer.FENCED;
        }
        end(entry, end);
        return WriteAnswer.OK;
    }

    WriteAnswer retry(Entry entry, Duration delay, String error) {
        JobRecord now = entry.record;
        if (now.state() == JobState.SCHEDULED) {
            return WriteAnswer.ALREADY;
        }
        if (now.state().isTerminal() || now.kind() != JobKind.NAMED) {
            return WriteAnswer.FENCED;
        }
        replace(
                entry,
                now.toBuilder()
                        .state(delay.isZero() ? JobState.QUEUED : JobState.SCHEDULED)
                        .failures(now.failures() + 1)
                        .error(error)
                        .dueAt(delay.isZero() ? null : time.instant().plus(delay)));
        await(entry, delay);
        return WriteAnswer.OK;
    }

    WriteAnswer release(Entry entry, Duration delay) {
        JobRecord now = entry.record;
        if (now.state().isTerminal() || now.state() == JobState.SCHEDULED || now.kind() != JobKind.NAMED) {
            return WriteAnswer.FENCED;
        }
        replace(
                entry,
                now.toBuilder()
                        .state(delay.isZero() ? JobState.QUEUED : JobState.SCHEDULED)
                        .attempts(Math.max(0, now.attempts() - 1))
                        .node("")
                        .dueAt(delay.isZero() ? null : time.instant().plus(delay)));
        await(entry, delay);
        return WriteAnswer.OK;
    }

    BeatAnswer beat(@Nullable Entry entry, Owner owner) {
        if (entry == null) {
            return BeatAnswer.GONE;
        }
        JobRecord now = entry.record;
        boolean waits = now.state() == JobState.SCHEDULED && now.kind() == JobKind.NAMED;
        if (!entry.isOwnedBy(owner) || now.state().isTerminal() || waits) {
            return BeatAnswer.FENCED;
        }
        if (now.state() == JobState.QUEUED && now.kind() == JobKind.NAMED) {
            ready.remove(entry); // the lease had run out and nobody started it: taken back
            replace(entry, now.toBuilder().state(JobState.RUNNING));
        }
        renew(entry);
        return now.cancelRequested() ? BeatAnswer.CANCEL : BeatAnswer.OK;
    }

    int tick() {
        if (options.lease.isZero()) {
            return 0;
        }
        long now = time.nanoTime();
        List<Entry> lost = entries.values().stream()
                .filter(entry -> isLeased(entry.record) && entry.leaseUntil - now <= 0)
                .toList();
        lost.forEach(this::lose);
        return lost.size();
    }

    private static boolean isLeased(JobRecord record) {
        return record.kind() == JobKind.LOCAL ? !record.state().isTerminal() : record.state() == JobState.RUNNING;
    }

    private void lose(Entry entry) {
        JobRecord now = entry.record;
        JobRecord.Builder next = now.toBuilder().crashes(now.crashes() + 1).reason("its process was lost");
        if (now.kind() == JobKind.NAMED && now.crashes() < options.maxCrashes) {
            replace(entry, next.state(JobState.QUEUED));
            await(entry, Duration.ZERO);
            return;
        }
        replace(entry, next);
        JobState end = now.kind() == JobKind.NAMED ? JobState.FAILED : JobState.LOST;
        end(entry, JobEnd.without(end, JobProblem.lost(), "owner lost"));
    }

    // ---- anybody

    CancelAnswer cancel(String jobId, String reason) {
        Entry entry = entries.get(jobId);
        if (entry == null) {
            return CancelAnswer.GONE;
        }
        JobRecord now = entry.record;
        if (now.state().isTerminal()) {
            return CancelAnswer.TERMINAL;
        }
        replace(entry, now.toBuilder().cancelRequested(true).reason(reason));
        if (now.kind() == JobKind.LOCAL || now.state() == JobState.RUNNING) {
            return CancelAnswer.REQUESTED;
        }
        end(entry, JobEnd.without(JobState.CANCELLED, JobProblem.cancelled(reason), ""));
        return CancelAnswer.CANCELLED;
    }

    int purge(Purge which) {
        Instant youngest = time.instant().minus(which.olderThan());
        List<Entry> doomed = entries.values().stream()
                .filter(entry -> isMeant(entry.record, which, youngest))
                .toList();
        retention.purge(doomed);
        return doomed.size();
    }

    private static boolean isMeant(JobRecord job, Purge which, Instant youngest) {
        return job.state() == which.state()
                && (which.type() == null || which.type().equals(job.type()))
                && job.finishedAt() != null
                && !job.finishedAt().isAfter(youngest);
    }

    List<JobRecord> dead(String type, int limit) {
        return entries.values().stream()
                .filter(entry -> Retention.isDead(entry) && entry.record.type().equals(type))
                .sorted(Comparator.comparingInt((Entry entry) -> -entry.deaths))
                .limit(limit)
                .map(entry -> entry.record)
                .toList();
    }

    WriteAnswer rerun(String jobId) {
        Entry entry = entries.get(jobId);
        if (entry == null) {
            return WriteAnswer.GONE;
        }
        if (!Retention.isDead(entry) || entry.payload == null) {
            return WriteAnswer.FENCED;
        }
        replace(
                entry,
                entry.record.toBuilder()
                        .state(JobState.QUEUED)
                        .attempts(0)
                        .failures(0)
                        .crashes(0)
                        .node("")
                        .problem(null)
                        .error("")
                        .reason("")
                        .cancelRequested(false)
                        .detached(false)
                        .finishedAt(null)
                        .expiresAt(null));
        await(entry, Duration.ZERO);
        return WriteAnswer.OK;
    }

    // ---- entries

    private void end(Entry entry, JobEnd end) {
        ready.remove(entry);
        long weight = entry.weight();
        JobEnd kept = end;
        if (end.result() != null) {
            long size = weigh(end.result());
            if (size > maxValueBytes) {
                kept = JobEnd.without(JobState.FAILED, JobProblem.resultTooLarge(size, maxValueBytes), "");
            } else {
                entry.result = end.result();
                entry.resultWeight = size;
            }
        }
        entry.record = entry.record.toBuilder()
                .state(kept.state())
                .problem(kept.problem())
                .error(kept.error())
                .detached(kept.detached())
                .finishedAt(time.instant())
                .version(entry.record.version() + 1)
                .build();
        if (Retention.isDead(entry)) {
            entry.deaths = ++deaths;
        } else {
            entry.payload = null;
            entry.payloadWeight = 0;
        }
        changes.add(entry.record);
        retention.changed(entry, weight);
        retention.ended(entry, time.nanoTime());
    }

    private void replace(Entry entry, JobRecord.Builder next) {
        long weight = entry.weight();
        entry.record = next.version(entry.record.version() + 1).build();
        changes.add(entry.record);
        retention.changed(entry, weight);
    }

    private long weigh(Payload payload) {
        return payload.isEncoded() ? payload.size() : options.estimator.applyAsLong(payload.value());
    }
}
