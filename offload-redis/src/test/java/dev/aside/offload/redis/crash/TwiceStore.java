package dev.aside.offload.redis.crash;

import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.BeatAnswer;
import dev.aside.offload.spi.CancelAnswer;
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
import java.util.function.Supplier;

/** Sends every command twice and hears the second answer, as after a broken connection. A claim goes once: see the checks of its script. */
final class TwiceStore extends ForwardingJobStore {
    TwiceStore(JobStore target) {
        super(target);
    }

    private static <T> CompletionStage<T> twice(Supplier<CompletionStage<T>> command) {
        return command.get().thenCompose(first -> command.get());
    }

    @Override
    public CompletionStage<Admission> submit(Submission submission) {
        return twice(() -> super.submit(submission));
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
