package dev.aside.offload.blob;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.BeatAnswer;
import dev.aside.offload.spi.BlobStore;
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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A job store that leaves payloads and results above a size to a {@link BlobStore} and keeps their keys (claim check).
 * Every process that shares the job store has to share the blob store.
 *
 * <p>A value is put before the job store hears of it. It is deleted when the store does not take it, a payload also when
 * its job has ended otherwise than FAILED: dead jobs keep theirs for a re-run. What ends without a command of a process
 * (records that expire, owners that are lost for good), and what is purged, leaves values behind for the blob store's own
 * rule. A payload that
 * is not there any more fails its job with {@code not-encodable}; a result is then one that is not kept any more.
 *
 * <p>Thread-safe. Closing it closes the job store.
 */
public final class LargePayloads implements JobStore {
    private static final System.Logger LOG = System.getLogger(LargePayloads.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(10);
    /** For a payload at a claim; without a lease. */
    private static final Duration FETCH_LIMIT = Duration.ofSeconds(10);

    private final JobStore store;
    private final LargeValues values;
    /** Jobs this process holds whose payload is a blob; bounded by what it runs. */
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    private LargePayloads(JobStore store, LargeValues values) {
        this.store = store;
        this.values = values;
    }

    /**
     * The store with a blob store beside it.
     *
     * @param above values of more bytes go to the blob store; 0 or more, and below what the store takes
     * @throws IllegalArgumentException if {@code above} is negative
     */
    public static JobStore beside(JobStore store, BlobStore blobs, int above) {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(blobs, "blobs");
        if (above < 0) {
            throw new IllegalArgumentException("the size " + above + " above which values are large is below 0.");
        }
        return new LargePayloads(store, new LargeValues(blobs, above));
    }

    // ---- payloads on their way in

    @Override
    public CompletionStage<Admission> track(JobRecord record, @Nullable Payload payload, @Nullable KeyClaim key) {
        if (payload == null || !values.isLarge(payload)) {
            return store.track(record, payload, key);
        }
        return values.put(LargeValues.payloadKey(record.id()), payload)
                .thenCompose(reference -> store.track(record, reference, key))
                .thenApply(admission -> {
                    if (taken(record, admission)) {
                        held.add(record.id());
                    }
                    return admission;
                });
    }

    @Override
    public CompletionStage<Admission> submit(Submission submission) {
        JobRecord record = submission.record();
        if (!values.isLarge(submission.payload())) {
            return store.submit(submission);
        }
        return values.put(LargeValues.payloadKey(record.id()), submission.payload())
                .thenCompose(reference -> store.submit(new Submission(
                        record, reference, submission.delay(), submission.maxBacklog(), submission.key())))
                .thenApply(admission -> {
                    taken(record, admission);
                    return admission;
                });
    }

    private boolean taken(JobRecord record, Admission admission) {
        boolean taken = admission.answer() == Admission.Answer.ACCEPTED;
        if (!taken) {
            values.delete(LargeValues.payloadKey(record.id()));
        }
        return taken;
    }

    // ---- payloads on their way out

    @Override
    public CompletionStage<Claims> claim(ClaimRequest request) {
        return store.claim(request).thenCompose(claims -> {
            List<CompletableFuture<Optional<Claims.Claimed>>> jobs =
                    claims.jobs().stream().map(this::whole).toList();
            return CompletableFuture.allOf(jobs.toArray(CompletableFuture[]::new))
                    .thenApply(done -> new Claims(
                            jobs.stream().flatMap(job -> job.join().stream()).toList(), claims.nextDue()));
        });
    }

    /** The job with its payload; empty if the blob store fails, then the job is left for later. */
    private CompletableFuture<Optional<Claims.Claimed>> whole(Claims.Claimed job) {
        JobRecord record = job.record();
        if (!LargeValues.isReference(job.payload())) {
            return CompletableFuture.completedFuture(Optional.of(job));
        }
        held.add(record.id());
        return values.payload(record.id())
                .toCompletableFuture()
                .copy() // the limit is this claim's, not the blob store's
                .orTimeout(fetchLimit().toNanos(), TimeUnit.NANOSECONDS)
                .handle((found, failure) -> {
                    if (failure == null) {
                        // without it the reference is what the codec cannot read
                        return Optional.of(new Claims.Claimed(record, found.orElse(job.payload())));
                    }
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "a payload of a job of type " + record.type()
                                    + " could not be fetched, the job is put back",
                            failure);
                    putBack(record);
                    return Optional.<Claims.Claimed>empty();
                });
    }

    /** Until then nothing else is claimed, and nobody renews the lease. */
    private Duration fetchLimit() {
        Duration third = store.lease().dividedBy(3);
        return third.isZero() || third.compareTo(FETCH_LIMIT) > 0 ? FETCH_LIMIT : third;
    }

    private void putBack(JobRecord record) {
        release(record.id(), new Owner(record.node(), record.epoch()), AGAIN).whenComplete((answer, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.WARNING, "job " + record.id() + " waits for the end of its lease", failure);
            }
        });
    }

    // ---- ends

    @Override
    public CompletionStage<WriteAnswer> untrack(String jobId, Owner owner) {
        return store.untrack(jobId, owner).thenApply(answer -> left(jobId, answer, true));
    }

    @Override
    public CompletionStage<WriteAnswer> retry(String jobId, Owner owner, Duration delay, String error) {
        return store.retry(jobId, owner, delay, error).thenApply(answer -> left(jobId, answer, false));
    }

    @Override
    public CompletionStage<WriteAnswer> release(String jobId, Owner owner, Duration delay) {
        return store.release(jobId, owner, delay).thenApply(answer -> left(jobId, answer, false));
    }

    @Override
    public CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end) {
        boolean rerunnable = end.state() == JobState.FAILED;
        Payload result = end.result();
        if (result == null || !values.isLarge(result)) {
            return store.finish(jobId, owner, end).thenApply(answer -> left(jobId, answer, !rerunnable));
        }
        String key = LargeValues.resultKey(jobId, owner, result);
        return values.put(key, result)
                .thenCompose(reference -> store.finish(jobId, owner, JobEnd.succeeded(reference)))
                .thenApply(answer -> {
                    if (answer != WriteAnswer.OK) {
                        deleteUnlessKept(jobId, key);
                    }
                    return left(jobId, answer, true);
                });
    }

    /** A repeated command is answered ALREADY, whether its own result was kept or an earlier one. */
    private void deleteUnlessKept(String jobId, String key) {
        store.result(jobId).whenComplete((kept, failure) -> {
            if (failure == null
                    && kept.filter(LargeValues::isReference)
                            .map(LargeValues::key)
                            .filter(key::equals)
                            .isEmpty()) {
                values.delete(key);
            }
        });
    }

    /** This process does not hold the job any more; who took it from this one needs its payload. */
    private WriteAnswer left(String jobId, WriteAnswer answer, boolean payloadIsOver) {
        boolean done = answer == WriteAnswer.OK || answer == WriteAnswer.ALREADY;
        if (held.remove(jobId) && payloadIsOver && done) {
            values.delete(LargeValues.payloadKey(jobId));
        }
        return answer;
    }

    @Override
    public CompletionStage<Optional<Payload>> result(String jobId) {
        return store.result(jobId)
                .thenCompose(found -> found.isPresent() && LargeValues.isReference(found.get())
                        ? values.result(jobId, found.get())
                        : CompletableFuture.completedFuture(found));
    }

    // ---- the rest is the store's

    @Override
    public CompletionStage<List<JobRecord>> dead(String type, int limit) {
        return store.dead(type, limit);
    }

    @Override
    public CompletionStage<WriteAnswer> rerun(String jobId) {
        return store.rerun(jobId);
    }

    @Override
    public CompletionStage<List<BeatAnswer>> beat(String node, List<Holding> holdings) {
        return store.beat(node, holdings);
    }

    @Override
    public CompletionStage<Integer> tick() {
        return store.tick();
    }

    @Override
    public CompletionStage<WriteAnswer> update(String jobId, Owner owner, JobUpdate update) {
        return store.update(jobId, owner, update);
    }

    @Override
    public CompletionStage<CancelAnswer> cancel(String jobId, String reason) {
        return store.cancel(jobId, reason).thenApply(answer -> {
            if (answer == CancelAnswer.CANCELLED) {
                values.delete(LargeValues.payloadKey(jobId)); // nobody will start it
            }
            return answer;
        });
    }

    @Override
    public CompletionStage<Integer> purge(Purge which) {
        return store.purge(which);
    }

    @Override
    public CompletionStage<Optional<JobRecord>> find(String jobId) {
        return store.find(jobId);
    }

    @Override
    public Registration subscribe(JobSignals listener) {
        return store.subscribe(listener);
    }

    @Override
    public boolean keepsReferences() {
        return store.keepsReferences();
    }

    @Override
    public Duration writeBudget() {
        return store.writeBudget();
    }

    @Override
    public Duration progressInterval() {
        return store.progressInterval();
    }

    @Override
    public Duration lease() {
        return store.lease();
    }

    @Override
    public void close() {
        store.close();
    }
}
