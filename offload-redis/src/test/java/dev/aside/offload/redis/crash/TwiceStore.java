package dev.aside.offload.redis.crash;

import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.BeatAnswer;
import dev.aside.offload.spi.CancelAnswer;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.Holding;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.JobUpdate;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.Submission;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.offload.testing.ForwardingJobStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Sends every command twice and hears the second answer, as after a broken connection; of a claim now and then the first. */
final class TwiceStore extends ForwardingJobStore {
    private static final int BETWEEN_LOST_CLAIMS = 7;

    private final AtomicInteger claims = new AtomicInteger();
    private final AtomicInteger lost;

    /** @param lost counts the jobs of claims that nobody heard the answer of */
    TwiceStore(JobStore target, AtomicInteger lost) {
        super(target);
        this.lost = lost;
    }

    private static <T> CompletionStage<T> twice(Supplier<CompletionStage<T>> command) {
        return command.get().thenCompose(first -> command.get());
    }

    @Override
    public CompletionStage<Admission> submit(Submission submission) {
        return twice(() -> super.submit(submission));
    }

    @Override
    public CompletionStage<Claims> claim(ClaimRequest request) {
        return claims.incrementAndGet() % BETWEEN_LOST_CLAIMS != 0
                ? super.claim(request)
                : super.claim(request)
                        .thenCompose(heard -> super.claim(request).thenApply(unheard -> {
                            lost.addAndGet(unheard.jobs().size());
                            return heard;
                        }));
    }

    @Override
    public CompletionStage<WriteAnswer> retry(String jobId, Owner owner, Duration delay, String error) {
        return twice(() -> super.retry(jobId, owner, delay, error));
    }

    @Override
    public CompletionStage<WriteAnswer> release(String jobId, Owner owner, Duration delay) {
        return twice(() -> super.release(jobId, owner, delay));
    }

    @Override
    public CompletionStage<List<BeatAnswer>> beat(String node, List<Holding> holdings) {
        return twice(() -> super.beat(node, holdings));
    }

    @Override
    public CompletionStage<Integer> tick() {
        return twice(super::tick);
    }

    @Override
    public CompletionStage<WriteAnswer> update(String jobId, Owner owner, JobUpdate update) {
        return twice(() -> super.update(jobId, owner, update));
    }

    @Override
    public CompletionStage<WriteAnswer> finish(String jobId, Owner owner, JobEnd end) {
        return twice(() -> super.finish(jobId, owner, end));
    }

    @Override
    public CompletionStage<CancelAnswer> cancel(String jobId, String reason) {
        return twice(() -> super.cancel(jobId, reason));
    }
}
