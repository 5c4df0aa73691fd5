package dev.aside.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which invalidations go together, and what becomes of them when a script fails. */
class InvalidationQueueTest {
    private record Run(String cache, Map<String, String> targets, CompletableFuture<Void> reply) {}

    private final List<Run> runs = new ArrayList<>();
    private final InvalidationQueue queue = new InvalidationQueue((cache, targets) -> {
        Run run = new Run(cache, targets, new CompletableFuture<>());
        runs.add(run);
        return run.reply;
    });

    private static Map<String, String> keys(int from, int to) {
        Map<String, String> targets = new LinkedHashMap<>();
        IntStream.range(from, to).forEach(i -> targets.put("k" + i, ""));
        return targets;
    }

    @Test
    void add_oneByItself_goesAtOnce() {
        CompletableFuture<Void> done = queue.add("a", keys(0, 1));
        assertThat(runs).hasSize(1);
        assertThat(done).isNotDone();
        runs.get(0).reply.complete(null);
        assertThat(done).isCompleted();
        queue.add("a", keys(1, 2));
        assertThat(runs).hasSize(2);
    }

    @Test
    void add_whileOneIsUnderWay_goesWithTheNext_eachKeyOnce_withAllTokens() {
        queue.add("a", keys(0, 1));
        CompletableFuture<Void> second = queue.add("a", Map.of("x", "T1"));
        CompletableFuture<Void> third = queue.add("a", Map.of("x", "T2"));
        assertThat(runs).hasSize(1);
        runs.get(0).reply.complete(null);
        assertThat(runs.get(1).targets).containsExactly(Map.entry("x", "T1T2"));
        assertThat(second).isNotDone();
        runs.get(1).reply.complete(null);
        assertThat(second).isCompleted();
        assertThat(third).isCompleted();
    }

    @Test
    void add_ofAnotherCache_goesByItself_andNobodyIsForgotten() {
        queue.add("a", keys(0, 1));
        CompletableFuture<Void> other = queue.add("b", keys(1, 2));
        CompletableFuture<Void> same = queue.add("a", keys(2, 3));
        runs.get(0).reply.complete(null);
        assertThat(runs.get(1).cache).isEqualTo("b");
        runs.get(1).reply.complete(null);
        assertThat(other).isCompleted();
        assertThat(runs.get(2).cache).isEqualTo("a");
        runs.get(2).reply.complete(null);
        assertThat(same).isCompleted();
    }

    @Test
    void add_moreThanAScriptIsGiven_isSeveral() {
        queue.add("a", keys(0, 1));
        queue.add("a", keys(1, 101));
        queue.add("a", keys(101, 201));
        runs.get(0).reply.complete(null);
        assertThat(runs.get(1).targets).hasSize(100);
        runs.get(1).reply.complete(null);
        assertThat(runs.get(2).targets).hasSize(100);
    }

    @Test
    void noAnswer_failsAllThatWait_soNobodyWaitsForASecondTimeOut() {
        CompletableFuture<Void> first = queue.add("a", keys(0, 1));
        CompletableFuture<Void> second = queue.add("a", keys(1, 2));
        CompletableFuture<Void> third = queue.add("b", keys(2, 3));
        runs.get(0).reply.completeExceptionally(new TimeoutException());
        assertThat(List.of(first, second, third)).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(runs).hasSize(1);
        queue.add("a", keys(3, 4));
        assertThat(runs).hasSize(2);
    }

    @Test
    void refusal_failsOnlyWhatWasSent() {
        CompletableFuture<Void> first = queue.add("a", keys(0, 1));
        CompletableFuture<Void> second = queue.add("a", keys(1, 2));
        runs.get(0).reply.completeExceptionally(new RedisCommandExecutionException("WRONGTYPE"));
        assertThat(first).isCompletedExceptionally();
        runs.get(1).reply.complete(null);
        assertThat(second).isCompleted();
    }
}
