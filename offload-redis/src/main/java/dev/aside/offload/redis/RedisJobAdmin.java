package dev.aside.offload.redis;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.CancelAnswer;
import dev.aside.offload.spi.WriteAnswer;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What operators do with the jobs of a namespace: look, cancel, run dead ones again, purge, pause a type, cap it, audit.
 *
 * <p>Blocking and thread-safe; not for the threads that complete a store's stages. Each method asks all shards, one
 * atomic script a shard: what spans shards (a list, a pause) is not one moment. All of them throw
 * {@link dev.aside.offload.JobStoreException} if Redis does not answer.
 */
public final class RedisJobAdmin implements AutoCloseable {
    private final Calls calls;
    private final RedisJobOptions options;
    private final Runnable closing;
    private final AdminLists lists;
    private final Purges purges;

    RedisJobAdmin(Calls calls, RedisJobOptions options, Runnable closing) {
        this.calls = calls;
        this.options = options;
        this.closing = closing;
        this.lists = new AdminLists(calls, options.layout());
        this.purges = new Purges(calls, options.layout());
    }

    /**
     * Connects without a store: nothing is laid out, and shards, retention and lease are as the application's store has
     * left them in Redis. Commands have 5 s each.
     *
     * @param uri see {@link RedisJobStoreBuilder#uri}
     * @param namespace that of the store, see {@link RedisJobStoreBuilder#namespace}
     * @throws IllegalArgumentException if one of them is malformed
     * @throws NoSuchElementException if no store has used the namespace
     * @throws dev.aside.offload.JobStoreException if Redis cannot be reached
     */
    public static RedisJobAdmin connect(String uri, String namespace) {
        return new AdminLink(Address.of(uri), namespace, Duration.ofSeconds(5)).open();
    }

    // ---- looking

    /** The names of all types of named jobs that there have been. */
    public Set<String> types() {
        return lists.types();
    }

    /** {@link #list(JobIndex, String, int)} of all types. */
    public List<JobRecord> list(JobIndex index, int limit) {
        return lists.list(Objects.requireNonNull(index, "index"), null, positive(limit));
    }

    /**
     * Jobs, the newest first: the last failed, finished or started, the last in the queue, the last due. Of running ones
     * the 1 000 with the freshest leases are looked at, or as many as the limit says.
     *
     * @param limit 1 or more
     */
    public List<JobRecord> list(JobIndex index, String type, int limit) {
        return lists.list(Objects.requireNonNull(index, "index"), named(type), positive(limit));
    }

    /** Numbers of jobs by type, in the order of the names. */
    public List<JobCounts> counts() {
        return lists.counts();
    }

    /** A job and where it stands, or empty if there is none; without its payload, which may be private. */
    public Optional<JobDetails> inspect(String jobId) {
        if (!JobId.isValid(jobId)) {
            return Optional.empty();
        }
        List<Object> answer = Answers.of(calls.list(JobScript.INSPECT, shard(jobId), jobId));
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        String index = Bytes.text(answer.get(3));
        boolean timed = !index.isEmpty() && !index.equals(JobIndex.WAITING.name());
        return Optional.of(new JobDetails(
                RecordFields.read(jobId, (List<?>) answer.get(0)),
                (Long) answer.get(1),
                (Long) answer.get(2),
                index.isEmpty() ? null : JobIndex.valueOf(index),
                timed ? Duration.ofMillis((Long) answer.get(4)) : null));
    }

    /** The payload of a job, as it was encoded; empty if there is none, or none any more. */
    public Optional<Payload> payload(String jobId) {
        if (!JobId.isValid(jobId)) {
            return Optional.empty();
        }
        String prefix = options.layout().prefix(shard(jobId));
        byte[] bytes = Answers.of(calls.send(async -> async.get(prefix + "p:" + jobId)));
        byte[] type = Answers.of(calls.send(async -> async.hget(prefix + "j:" + jobId, "ct")));
        return bytes == null ? Optional.empty() : Optional.of(Payload.of(bytes, type == null ? "" : Bytes.text(type)));
    }

    // ---- single jobs

    /**
     * Asks to cancel a job, as {@link dev.aside.offload.OffloadExecutor#cancel} does.
     *
     * @param reason for the record, may be empty
     */
    public CancelAnswer cancel(String jobId, String reason) {
        if (!JobId.isValid(jobId)) {
            return CancelAnswer.GONE;
        }
        String problem = RecordFields.text(JobProblem.cancelled(reason));
        return Answers.of(calls.word(CancelAnswer.class, JobScript.CANCEL, shard(jobId), jobId, reason, problem));
    }

    /** Puts a dead job back to the waiting ones; FENCED if it is not dead, or its payload is not there any more. */
    public WriteAnswer rerun(String jobId) {
        return JobId.isValid(jobId) ? Answers.of(rerunning(jobId)) : WriteAnswer.GONE;
    }

    private CompletionStage<WriteAnswer> rerunning(String jobId) {
        return calls.word(WriteAnswer.class, JobScript.RERUN, shard(jobId), jobId);
    }

    // ---- many jobs

    /**
     * Puts all jobs of a type back that are dead at this moment.
     *
     * @return how many there were
     */
    public int rerunAll(String type) {
        List<WriteAnswer> answers = Answers.of(Slices.ask(lists.dead(named(type)), this::rerunning));
        return (int) answers.stream().filter(answer -> answer == WriteAnswer.OK).count();
    }

    /** {@link #purge(JobIndex, String, Duration)} of all types. */
    public int purge(JobIndex index, Duration olderThan) {
        return purged(index, null, olderThan);
    }

    /**
     * Deletes jobs that are over, with payload, result and idempotency key. An unfinished job is never deleted.
     *
     * @param index DEAD or FINISHED
     * @param olderThan only those that have been over for so long; zero: all
     * @return how many there were
     * @throws IllegalArgumentException for another index
     */
    public int purge(JobIndex index, String type, Duration olderThan) {
        return purged(index, named(type), olderThan);
    }

    private int purged(JobIndex index, @Nullable String type, Duration olderThan) {
        if (index != JobIndex.DEAD && index != JobIndex.FINISHED) {
            throw new IllegalArgumentException("jobs that are " + index
                    + " are never purged. Hint: only DEAD and FINISHED ones are; cancel the others first.");
        }
        if (olderThan.isNegative()) {
            throw new IllegalArgumentException("an age cannot be negative, but it is " + olderThan);
        }
        return Answers.of(index == JobIndex.DEAD ? purges.dead(type, olderThan) : purges.finished(type, "", olderThan));
    }

    // ---- types

    /** Has no process start jobs of a type, until {@link #resume}. What runs goes on; new jobs wait. Idempotent. */
    public void pause(String type) {
        option(type, "paused", shard -> "1");
    }

    /** Ends a pause; idle workers of any process begin at once. Idempotent. */
    public void resume(String type) {
        option(type, "paused", shard -> "");
    }

    /**
     * Limits how many named jobs of a type run at once in the whole cluster. More that run already go on. Each shard gets
     * its share, so that the sum is never exceeded; with jobs in few shards it may not be reached.
     *
     * @param jobs at least the number of shards
     * @throws IllegalArgumentException if it is less: a shard without a share would never run its jobs
     */
    public void cap(String type, int jobs) {
        int shards = options.layout().shards();
        if (jobs < shards) {
            throw new IllegalArgumentException("a cap of " + jobs + " for '" + type + "' is below the " + shards
                    + (shards == 1 ? " shard" : " shards") + " of namespace '"
                    + options.layout().namespace() + "', so jobs of some shards would never start. Hint: "
                    + (shards == 1 ? "pause the type" : "at least " + shards + ", or pause the type")
                    + ".");
        }
        option(type, "cap", shard -> jobs / shards + (shard < jobs % shards ? 1 : 0));
    }

    /** Takes the limit of a type away. Idempotent. */
    public void uncap(String type) {
        option(type, "cap", shard -> "");
    }

    private void option(String type, String name, IntFunction<Object> value) {
        List<CompletableFuture<?>> shards = new ArrayList<>();
        for (int shard = 0; shard < options.layout().shards(); shard++) {
            shards.add(
                    calls.eval(JobScript.OPTION, shard, ScriptOutputType.VALUE, named(type), name, value.apply(shard))
                            .toCompletableFuture());
        }
        Answers.of(RedisJobStore.all(shards));
    }

    /**
     * Compares jobs and indexes now, which the store does by itself once a minute.
     *
     * @return the number of repairs
     */
    public int audit() {
        return Answers.of(new Audit(calls, options).run());
    }

    // ---- ends

    /** Closes the connection that {@link #connect} has opened; does nothing to that of a store. Idempotent. */
    @Override
    public void close() {
        closing.run();
    }

    @Override
    public String toString() {
        return "RedisJobAdmin[" + options.layout().namespace() + " on " + options.address() + "]";
    }

    private int shard(String jobId) {
        return options.layout().shard(jobId);
    }

    private static String named(String type) {
        if (type.isBlank()) {
            throw new IllegalArgumentException("the name of a job type cannot be blank");
        }
        return type;
    }

    private static int positive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1, but it is " + limit);
        }
        return limit;
    }
}
