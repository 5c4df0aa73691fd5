package dev.aside.offload.testing;

import dev.aside.offload.job.JobRecord;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A store that hands everything to another one; tests override what has to go wrong. */
public class ForwardingJobStore implements JobStore {
    private final JobStore target;

    public ForwardingJobStore(JobStore target) {
        this.target = target;
    }

    @Override
    public CompletionStage<Admission> track(JobRecord record, @Nullable Payload payload, @Nullable KeyClaim key) {
        return target.track(record, payload, key);
    }

    @Override
    public CompletionStage<WriteAnswer> untrack(String jobId, Owner owner) {
        return target.untrack(jobId, owner);
    }

    @Override
    public CompletionStage<Admission> submit(Submission submission) {
        return target.submit(submission);
    }

    @Override
    public CompletionStage<Claims> claim(ClaimRequest request) {
        return target.claim(request);
    }

    @Override
    public CompletionStage<WriteAnswer> retry(String jobId, Owner owner, Duration delay, String error) {
        return target.retry(jobId, owner, delay, error);
    }

    @Override
    public CompletionStage<WriteAnswer> release(String jobId, Owner owner, Duration delay) {
        return target.release(jobId, owner, delay);
    }

    @Override
    public CompletionStage<List<JobRecord>> dead(String type, int limit) {
        return target.dead(type, limit);
    }

    @Override
    public CompletionStage<WriteAnswer> rerun(String jobId) {
        return target.rerun(jobId);
    }

    @Override
    public CompletionStage<List<BeatAnswer>> beat(String node, List<Holding> holdings) {
        return target.beat(node, holdings);
    }

    @Override
    public CompletionStage<Integer> tick() {
        return target.tick();
    }

    @Override
    public CompletionStage<WriteAnswer> update(String jobId, Owner owner, JobUpdate update) {
        return target.update(jobId, owner, update);
    }

    @Override
    public CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end) {
        return target.finish(jobId, owner, end);
    }

    @Override
    public CompletionStage<CancelAnswer> cancel(String jobId, String reason) {
        return target.cancel(jobId, reason);
    }

    @Override
    public CompletionStage<Integer> purge(Purge which) {
        return target.purge(which);
    }

    @Override
    public CompletionStage<Optional<JobRecord>> find(String jobId) {
        return target.find(jobId);
    }

    @Override
    public CompletionStage<Optional<Payload>> result(String jobId) {
        return target.result(jobId);
    }

    @Override
    public Registration subscribe(JobSignals listener) {
        return target.subscribe(listener);
    }

    @Override
    public boolean keepsReferences() {
        return target.keepsReferences();
    }

    @Override
    public Duration writeBudget() {
        return target.writeBudget();
    }

    @Override
    public Duration progressInterval() {
        return target.progressInterval();
    }

    @Override
    public Duration lease() {
        return target.lease();
    }

    @Override
    public void close() {
        target.close();
    }
}
