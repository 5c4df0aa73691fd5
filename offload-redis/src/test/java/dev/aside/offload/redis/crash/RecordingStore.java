package dev.aside.offload.redis.crash;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobSignals;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.offload.testing.ForwardingJobStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes down what a node claims and how the store answers its ends; can stop at the steps around them. Thread-safe. */
final class RecordingStore extends ForwardingJobStore {
    private final Recorder recorder;
    private final Holds holds;

    RecordingStore(JobStore target, Recorder recorder, Holds holds) {
        super(target);
        this.recorder = recorder;
        this.holds = holds;
    }

    @Override
    public CompletionStage<Claims> claim(ClaimRequest request) {
        if (holds.isArmed(Step.CLAIM) && holds.hasTicket()) {
            return holds.pass(Step.CLAIM, Recorder.NOBODY, 0, CompletableFuture::new);
        }
        return super.claim(request).thenCompose(this::claimed);
    }

    private CompletionStage<Claims> claimed(Claims claims) {
        List<JobRecord> jobs =
                claims.jobs().stream().map(Claims.Claimed::record).toList();
        jobs.forEach(job -> recorder.event("claimed", job.id(), job.epoch(), job.attempts()));
        if (jobs.isEmpty()) {
            return CompletableFuture.completedFuture(claims);
        }
        JobRecord first = jobs.get(0);
        return holds.pass(Step.CLAIMED, first.id(), first.epoch(), () -> CompletableFuture.completedFuture(claims));
    }

    @Override
    public CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end) {
        recorder.event("finish", jobId, owner.epoch(), end.state());
        return holds.pass(Step.FINISH, jobId, owner.epoch(), () -> super.finish(jobId, owner, end))
                .thenCompose(answer -> holds.pass(
                        Step.FINISHED, jobId, owner.epoch(), () -> CompletableFuture.completedFuture(answer)))
                .thenApply(answer -> took("finished", jobId, owner, answer));
    }

    @Override
    public CompletionStage<WriteAnswer> retry(String jobId, Owner owner, Duration delay, String error) {
        return super.retry(jobId, owner, delay, error).thenApply(answer -> took("retried", jobId, owner, answer));
    }

    @Override
    public CompletionStage<WriteAnswer> release(String jobId, Owner owner, Duration delay) {
        return super.release(jobId, owner, delay).thenApply(answer -> took("released", jobId, owner, answer));
    }

    private WriteAnswer took(String kind, String jobId, Owner owner, WriteAnswer answer) {
        recorder.event(kind, jobId, owner.epoch(), answer);
        return answer;
    }

    @Override
    public Registration subscribe(JobSignals listener) {
        return super.subscribe(new JobSignals() {
            @Override
            public void cancelRequested(String jobId, String reason) {
                listener.cancelRequested(jobId, reason);
            }

            @Override
            public void ready(String type) {
                holds.ready();
                listener.ready(type);
            }

            @Override
            public void changed(String jobId, long version) {
                listener.changed(jobId, version);
            }

            @Override
            public void missed() {
                listener.missed();
            }
        });
    }
}
