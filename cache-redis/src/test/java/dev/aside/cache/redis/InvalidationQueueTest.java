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
    private boolean closed;
    private final InvalidationQueue queue = new InvalidationQueue((cache, targets) -> {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        Run run = new Run(cache, targets, new CompletableFuture<>());
        runs.add(run);
        return run.reply;
    });

    private static Map<String, String> keys(int from, int to) {
        Map<String, String> targets = new LinkedHashMap<>();
        IntStream.range(from, to).forEach(i -> targets.put("k" + i, ""));
        return targets;
    }

    /** As many as may be with the server at a time. */
    private List<CompletableFuture<Void>> underWay() {
        List<CompletableFuture<Void>> first = List.of(queue.add("a", keys(0, 1)), queue.add("a", keys(1, 2)));
        assertThat(runs).hasSize(2);
        return first;
    }

    private void answer(int run) {
        runs.get(run).reply.complete(null);
    }

    @Test
    void add_oneByItself_goesAtOnce() {
        CompletableFuture<Void> done = queue.add("a", keys(0, 1));
        assertThat(runs).hasSize(1);
        assertThat(done).isNotDone();
        answer(0);
        assertThat(done).isCompleted();
        queue.add("a", keys(1, 2));
        queue.add("a", keys(2, 3));
        queue.add("a", keys(3, 4));
        assertThat(runs).hasSize(3);
    }

    @Test
    void add_whileOthersAreUnderWay_goesWithTheNext_eachKeyOnce_withAllTokens() {
        underWay();
        CompletableFuture<Void> third = queue.add("a", Map.of("x", "T1"));
        CompletableFuture<Void> fourth = queue.add("a", Map.of("x", "T2"));
        assertThat(runs).hasSize(2);
        answer(1);
        assertThat(runs.get(2).targets).containsExactly(Map.entry("x", "T1T2"));
        assertThat(third).isNotDone();
        answer(2);
        assertThat(third).isCompleted();
        assertThat(fourth).isCompleted();
    }

    @Test
    void add_ofAnotherCache_goesByItself_andNobodyIsForgotten() {
        underWay();
        CompletableFuture<Void> other = queue.add("b", keys(2, 3));
        CompletableFuture<Void> same = queue.add("a", keys(3, 4));
        answer(0);
        assertThat(runs.get(2).cache).isEqualTo("b");
        answer(1);
        assertThat(runs.get(3).cache).isEqualTo("a");
        answer(2);
        assertThat(other).isCompleted();
        answer(3);
        assertThat(same).isCompleted();
    }

    @Test
    void add_moreThanAScriptIsGiven_isSeveral() {
        underWay();
        queue.add("a", keys(2, 102));
        queue.add("a", keys(102, 202));
        answer(0);
        assertThat(runs.get(2).targets).hasSize(100);
        answer(1);
        assertThat(runs.get(3).targets).hasSize(100);
    }

    @Test
    void noAnswer_failsAllThatWait_soNobodyWaitsForASecondTimeOut() {
        List<CompletableFuture<Void>> first = underWay();
        CompletableFuture<Void> third = queue.add("a", keys(2, 3));
        CompletableFuture<Void> fourth = queue.add("b", keys(3, 4));
        runs.get(0).reply.completeExceptionally(new TimeoutException());
        assertThat(List.of(first.get(0), third, fourth)).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(runs).hasSize(2);
        queue.add("a", keys(4, 5));
        assertThat(runs).hasSize(3);
        answer(1);
        assertThat(first.get(1)).isCompleted();
    }

    @Test
    void refusal_failsOnlyWhatWasSent() {
        List<CompletableFuture<Void>> first = underWay();
        CompletableFuture<Void> third = queue.add("a", keys(2, 3));
        runs.get(0).reply.completeExceptionally(new RedisCommandExecutionException("WRONGTYPE"));
        assertThat(first.get(0)).isCompletedExceptionally();
        answer(2);
        assertThat(third).isCompleted();
    }

    @Test
    void scriptThatThrows_failsItsOwn_andTheQueueGoesOn() {
        closed = true;
        for (int i = 0; i < 3; i++) {
            assertThat(queue.add("a", keys(i, i + 1))).isCompletedExceptionally();
        }
        closed = false;
        CompletableFuture<Void> next = queue.add("a", keys(3, 4));
        answer(0);
        assertThat(next).isCompleted();
    }
}
