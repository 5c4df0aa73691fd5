package dev.aside.offload.redis;

import dev.aside.offload.job.JobId;
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
import dev.aside.offload.spi.Holding;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobSignals;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.JobUpdate;
import dev.aside.offload.spi.KeyClaim;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.Purge;
import dev.aside.offload.spi.Submission;
import dev.aside.offload.spi.WriteAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in Redis: known to every process, and named ones survive the process that runs them. At least once: work that was
 * cut off runs again, so a handler has to bear that.
 *
 * <p>The record of a job is the only truth; every command about it is one script that decides atomically, by the clock of
 * Redis, and may be repeated. A process that runs a job holds a lease; who is silent for longer loses the job, and its
 * late writes are refused once another one has begun. Thread-safe. Holds three or more connections and no thread but
 * those of the Redis client and of the timer.
 */
public final class RedisJobStore implements JobStore {
    private final RedisJobOptions options;
    private final Layout layout;
    private final JobLink link;
    private final OwnClaims own;

    RedisJobStore(RedisJobOptions options, JobLink link) {
        this.options = options;
        this.layout = options.layout();
        this.link = link;
        this.own = new OwnClaims(options);
    }

    /**
     * A store with its defaults.
     *
     * @param uri {@code redis://}, {@code redis-sentinel://} or {@code redis-cluster://}, see
     *     {@link RedisJobStoreBuilder#uri}
     * @throws IllegalArgumentException if the URI is malformed
     * @throws dev.aside.offload.JobStoreException if there is no such Redis, or it would throw jobs away when it is full
     */
    public static RedisJobStore connect(String uri) {
        return builder().uri(uri).build();
    }

    /** A store with other options than the defaults. */
    public static RedisJobStoreBuilder builder() {
        return new RedisJobStoreBuilder();
    }

    // ---- new jobs

    @Override
    public CompletionStage<Admission> track(JobRecord record, @Nullable Payload payload, @Nullable KeyClaim key) {
        IllegalArgumentException unfit = unfit(record, payload, key);
        if (unfit != null) {
            return CompletableFuture.failedStage(unfit);
        }
        if (payload != null && payload.bytes().length > options.limits().payload()) {
            return done(new Admission(Admission.Answer.TOO_LARGE, record.id()));
        }
        List<Object> args = link.held().arguments(record, payload, key(record, key));
        return link.calls()
                .list(JobScript.TRACK, layout.shard(record.id()), args.toArray())
                .thenApply(answer -> {
                    Admission admission = admission(Bytes.text(answer.get(0)), Bytes.text(answer.get(1)));
                    if (admission.answer() == Admission.Answer.ACCEPTED) {
                        link.held().add(record, payload);
                        if (record.kind() == JobKind.NAMED) {
                            own.add(record, options.time().nanoTime());
                        }
                    }
                    return admission;
                });
    }

    @Override
    public CompletionStage<Admission> submit(Submission submission) {
        JobRecord record = submission.record();
        IllegalArgumentException unfit = unfit(record, submission.payload(), submission.key());
        if (unfit != null) {
            return CompletableFuture.failedStage(unfit);
        }
        byte[] payload = submission.payload().bytes();
        if (payload.length > options.limits().payload()) {
            return done(new Admission(Admission.Answer.TOO_LARGE, record.id()));
        }
        List<Object> args = new ArrayList<>(List.of(
                record.id(),
                record.type(),
                submission.delay().toMillis(),
                record.priority().penalty().toMillis(),
                submission.maxBacklog(),
                startWithin(record)));
        args.addAll(key(record, submission.key()));
        args.add(payload);
        List<Object> fields = RecordFields.named(record, submission.payload());
        args.add(fields.size());
        args.addAll(fields);
        int shard = layout.shard(record.id());
        return link.submit(record.type(), shard, args).thenApply(answer -> {
            int space = answer.indexOf(' ');
            Admission admission = admission(answer.substring(0, space), answer.substring(space + 1));
            if (admission.answer() == Admission.Answer.ACCEPTED
                    && submission.delay().isZero()) {
                link.claims().submittedHere(record.type(), shard);
            }
            return admission;
        });
    }

    /** The clocks of two processes are never compared: what goes to Redis is how long it may take. */
    private static long startWithin(JobRecord record) {
        return record.expiresAt() == null
                ? -1
                : Duration.between(record.createdAt(), record.expiresAt()).toMillis();
    }

    /** Why a new job cannot be sent at all; null if it can. */
    private @Nullable IllegalArgumentException unfit(
            JobRecord record, @Nullable Payload payload, @Nullable KeyClaim key) {
        if (!JobId.isValid(record.id())) {
            return new IllegalArgumentException("'" + record.id() + "' is no job id. Hint: JobId.next makes one.");
        }
        if (payload != null && !payload.isEncoded()) {
            return new IllegalArgumentException("the payload of job " + record.id() + " is an object of this process."
                    + " Hint: configure a PayloadCodec.");
        }
        if (key != null && JobId.shardOfKey(record.type(), key.key()) % layout.shards() != layout.shard(record.id())) {
            return new IllegalArgumentException("job " + record.id() + " is in another shard than its idempotency key."
                    + " Hint: its id has to be made with JobId.shardOfKey.");
        }
        return null;
    }

    private static List<Object> key(JobRecord record, @Nullable KeyClaim key) {
        return key == null
                ? List.of("", "", 0)
                : List.of(
                        Layout.keyName(record.type(), key.key()),
                        key.fingerprint(),
                        key.ttl().toMillis());
    }

    private static Admission admission(String answer, String id) {
        return new Admission(Admission.Answer.valueOf(answer), id);
    }

    @Override
    public CompletionStage<WriteAnswer> untrack(String jobId, Owner owner) {
        forget(jobId, owner.epoch());
        return write(JobScript.UNTRACK, jobId, jobId, owner.node(), owner.epoch());
    }

    // ---- work

    @Override
    public CompletionStage<Claims> claim(ClaimRequest request) {
        List<Holding> overdue = own.overdue(request.node(), options.time().nanoTime());
        CompletionStage<?> first = overdue.isEmpty() ? done("") : beat(request.node(), overdue);
        return first.thenCompose(said -> link.claims().claim(request)).thenApply(claims -> {
            claims.jobs().forEach(job -> own.add(job.record(), options.time().nanoTime()));
            return claims;
        });
    }

    @Override
    public CompletionStage<WriteAnswer> retry(String jobId, Owner owner, Duration delay, String error) {
        return end(jobId, owner, "RETRY", "", error, false, delay, null);
    }

    @Override
    public CompletionStage<WriteAnswer> release(String jobId, Owner owner, Duration delay) {
        return end(jobId, owner, "RELEASE", "", "", false, delay, null);
    }

    @Override
    public CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end) {
        Payload result = end.result();
        if (result != null && result.bytes().length > options.limits().result()) {
            JobProblem tooLarge = JobProblem.resultTooLarge(
                    result.bytes().length, options.limits().result());
            return finish(jobId, owner, JobEnd.without(JobState.FAILED, tooLarge, ""));
        }
        String problem = end.problem() == null ? "" : RecordFields.text(end.problem());
        return end(jobId, owner, end.state().name(), problem, end.error(), end.detached(), Duration.ZERO, result);
    }

    private CompletionStage<WriteAnswer> end(
            String jobId,
            Owner owner,
            String outcome,
            String problem,
            String error,
            boolean detached,
            Duration delay,
            @Nullable Payload result) {
        if (!JobId.isValid(jobId)) {
            return done(WriteAnswer.GONE);
        }
        EndWriter.End end = EndWriter.End.of(
                jobId,
                owner.node(),
                owner.epoch(),
                outcome,
                problem,
                error,
                detached ? 1 : 0,
                delay.toMillis(),
                result == null ? 0 : 1,
                result == null ? "" : result.contentType(),
                result == null ? "" : result.bytes());
        return write(jobId, end)
                .thenCompose(answer -> answer != WriteAnswer.GONE
                        ? done(answer)
                        : link.held()
                                .restore(jobId, link.calls())
                                .thenCompose(restored -> restored ? write(jobId, end) : done(answer)))
                .thenApply(answer -> {
                    forget(jobId, owner.epoch());
                    return answer;
                });
    }

    private void forget(String jobId, long epoch) {
        own.ended(jobId, epoch);
        link.held().ended(jobId, epoch);
    }

    private CompletionStage<WriteAnswer> write(String jobId, EndWriter.End end) {
        int shard = layout.shard(jobId);
        return link.endWriter().write(shard, end).thenApply(answer -> {
            if (answer == WriteAnswer.OK) {
                link.ends().add(shard, end);
            }
            return answer;
        });
    }

    @Override
    public CompletionStage<WriteAnswer> update(String jobId, Owner owner, JobUpdate update) {
        return write(
                JobScript.UPDATE,
                jobId,
                jobId,
                owner.node(),
                owner.epoch(),
                options.times().lease().toMillis(),
                update.state(),
                update.attempts(),
                update.failures(),
                update.dueAt() == null ? "" : update.dueAt().toEpochMilli(),
                update.progress().done(),
                update.progress().total(),
                update.progress().message());
    }

    private CompletionStage<WriteAnswer> write(JobScript script, String jobId, Object... args) {
        if (!JobId.isValid(jobId)) {
            return done(WriteAnswer.GONE);
        }
        return link.calls().word(WriteAnswer.class, script, layout.shard(jobId), args);
    }

    @Override
    public CompletionStage<List<BeatAnswer>> beat(String node, List<Holding> holdings) {
        BeatAnswer[] answers = new BeatAnswer[holdings.size()];
        Arrays.fill(answers, BeatAnswer.OK); // of a shard that does not answer nothing is known
        List<CompletableFuture<?>> shards = new ArrayList<>();
        for (int shard = 0; shard < layout.shards(); shard++) {
            int here = shard;
            int[] mine = IntStream.range(0, holdings.size())
                    .filter(i -> layout.shard(holdings.get(i).jobId()) == here)
                    .toArray();
            if (mine.length > 0) {
                shards.add(beat(node, shard, holdings, mine, answers).toCompletableFuture());
            }
        }
        return any(shards).thenApply(done -> List.of(answers));
    }

    private CompletionStage<?> beat(String node, int shard, List<Holding> holdings, int[] mine, BeatAnswer[] answers) {
        List<Object> args =
                new ArrayList<>(List.of(node, options.times().lease().toMillis()));
        for (int i : mine) {
            args.add(holdings.get(i).jobId());
            args.add(holdings.get(i).epoch());
        }
        return link.calls().list(JobScript.BEAT, shard, args.toArray()).thenCompose(words -> {
            List<CompletableFuture<?>> heard = new ArrayList<>();
            for (int i = 0; i < mine.length; i++) {
                Holding holding = holdings.get(mine[i]);
                int at = mine[i];
                heard.add(heard(holding, BeatAnswer.valueOf(Bytes.text(words.get(i))))
                        .thenAccept(answer -> answers[at] = answer)
                        .toCompletableFuture());
            }
            own.said(node, shard, options.time().nanoTime());
            return all(heard);
        });
    }

    private CompletionStage<BeatAnswer> heard(Holding holding, BeatAnswer answer) {
        CompletionStage<BeatAnswer> known = answer != BeatAnswer.GONE
                ? done(answer)
                : link.held()
                        .restore(holding.jobId(), link.calls())
                        .thenApply(restored -> restored ? BeatAnswer.OK : BeatAnswer.GONE);
        return known.thenApply(last -> {
            if (last == BeatAnswer.FENCED || last == BeatAnswer.GONE) {
                forget(holding.jobId(), holding.epoch());
            }
            return last;
        });
    }

    @Override
    public CompletionStage<Integer> tick() {
        return link.tick();
    }

    // ---- anybody

    @Override
    public CompletionStage<CancelAnswer> cancel(String jobId, String reason) {
        if (!JobId.isValid(jobId)) {
            return done(CancelAnswer.GONE);
        }
        String problem = RecordFields.text(JobProblem.cancelled(reason));
        return link.calls().word(CancelAnswer.class, JobScript.CANCEL, layout.shard(jobId), jobId, reason, problem);
    }

    @Override
    public CompletionStage<Integer> purge(Purge which) {
        return new Purges(link.calls(), layout).of(which);
    }

    @Override
    public CompletionStage<Optional<JobRecord>> find(String jobId) {
        if (!JobId.isValid(jobId)) {
            return done(Optional.empty());
        }
        return link.calls()
                .send(async -> async.hgetall(layout.job(jobId)))
                .thenApply(hash -> hash.isEmpty() ? Optional.empty() : Optional.of(RecordFields.read(jobId, hash)));
    }

    @Override
    public CompletionStage<Optional<Payload>> result(String jobId) {
        if (!JobId.isValid(jobId)) {
            return done(Optional.empty());
        }
        return link.calls()
                .send(async -> async.hmget(layout.result(jobId), "b", "ct"))
                .thenApply(fields -> fields.get(0).hasValue()
                        ? Optional.of(Payload.of(
                                fields.get(0).getValue(),
                                Bytes.text(fields.get(1).getValueOrElse(new byte[0]))))
                        : Optional.empty());
    }

    @Override
    public CompletionStage<List<JobRecord>> dead(String type, int limit) {
        return link.lists().latest("dead:" + type, limit);
    }

    @Override
    public CompletionStage<WriteAnswer> rerun(String jobId) {
        return write(JobScript.RERUN, jobId, jobId);
    }

    @Override
    public Registration subscribe(JobSignals listener) {
        return link.signals().add(listener);
    }

    // ---- operators

    /** What operators do, over the connections of this store; closing it closes nothing. */
    public RedisJobAdmin admin() {
        return new RedisJobAdmin(link.calls(), options, () -> {});
    }

    // ---- what kind of store this is

    @Override
    public boolean keepsReferences() {
        return false;
    }

    @Override
    public Duration writeBudget() {
        return Duration.ofMillis(15);
    }

    @Override
    public Duration progressInterval() {
        return Duration.ofMillis(500);
    }

    @Override
    public Duration lease() {
        return options.times().lease();
    }

    /** Closes the connections. Jobs that run go on until their leases end. */
    @Override
    public void close() {
        link.close();
    }

    @Override
    public String toString() {
        return "RedisJobStore[" + layout.namespace() + " on " + options.address() + "]";
    }

    /** Fails only if all of them do: one shard that is away holds up no other. */
    static CompletionStage<Void> any(List<? extends CompletableFuture<?>> stages) {
        return CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).handle((done, failure) -> {
            if (failure != null && stages.stream().allMatch(CompletableFuture::isCompletedExceptionally)) {
                throw new CompletionException(Calls.unwrapped(failure));
            }
            return null;
        });
    }

    static CompletionStage<Void> all(List<? extends CompletableFuture<?>> stages) {
        return CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new));
    }

    private static <T> CompletionStage<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
