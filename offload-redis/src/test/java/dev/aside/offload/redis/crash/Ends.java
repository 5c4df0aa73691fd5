package dev.aside.offload.redis.crash;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.spi.JobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Asks a store for many jobs, and waits for their ends. */
final class Ends {
    private static final int AT_A_TIME = 500;

    private Ends() {}

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the store did not answer", e);
        }
    }

    /** Their records, in order. */
    static List<Optional<JobRecord>> of(JobStore store, List<String> jobs) {
        List<Optional<JobRecord>> records = new ArrayList<>();
        for (int from = 0; from < jobs.size(); from += AT_A_TIME) {
            List<CompletableFuture<Optional<JobRecord>>> asked =
                    jobs.subList(from, Math.min(jobs.size(), from + AT_A_TIME)).stream()
                            .map(id -> store.find(id).toCompletableFuture())
                            .toList();
            asked.forEach(one -> records.add(get(one)));
        }
        return records;
    }

    /** Whether all of them are over or unknown. */
    static boolean areOver(JobStore store, List<String> jobs) {
        return of(store, jobs).stream()
                .allMatch(record -> record.isEmpty() || record.get().state().isTerminal());
    }

    /** Waits until none of them is pending any more; then the verdict says what became of them. */
    static void await(JobStore store, List<String> jobs, Duration patience) {
        List<String> left = new ArrayList<>(jobs);
        Awaitility.await("the end of " + jobs.size() + " jobs")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions() // Redis may be away
                .until(() -> {
                    while (!left.isEmpty() && areOver(store, left.subList(0, Math.min(left.size(), AT_A_TIME)))) {
                        left.subList(0, Math.min(left.size(), AT_A_TIME)).clear();
                    }
                    return left.isEmpty();
                });
    }
}
