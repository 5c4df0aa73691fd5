package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.JobStoreException;
import dev.aside.offload.testing.ManualTime;
import io.lettuce.core.RedisCommandExecutionException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private static final Duration COMMAND = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final RedisJobOptions options = new RedisJobOptions(
            Address.of("redis://localhost"),
            new Layout("test", 2),
            new RedisJobOptions.Times(COMMAND, COMMAND, COMMAND, COMMAND, COMMAND),
            new RedisJobOptions.Limits(1, 1, 1, 1, 1),
            new RedisJobOptions.Durability(Set.of(), 1, COMMAND),
            false,
            time);
    private final List<Integer> batches = new ArrayList<>();
    private final Deque<CompletableFuture<List<Object>>> underWay = new ArrayDeque<>();
    private final GroupCommit group = new GroupCommit(
            (shard, things, args) -> {
                batches.add(things);
                underWay.add(new CompletableFuture<>());
                return underWay.getLast();
            },
            options);

    private CompletableFuture<String> add() {
        return add(group);
    }

    private static CompletableFuture<String> add(GroupCommit to) {
        return to.add(0, List.of("x")).toCompletableFuture();
    }

    private void answer(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        underWay.remove().complete(Collections.nCopies(batches.get(batches.size() - underWay.size() - 1), bytes));
    }

    private static void assertFailed(CompletionStage<String> one, Class<? extends Throwable> cause) {
        assertThat(one.toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(JobStoreException.class)
                .withRootCauseInstanceOf(cause);
    }

    @Test
    void add_whileOneIsUnderWay_goesWithTheNext() {
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            all.add(add());
        }
        assertThat(batches).containsExactly(1);
        answer("a");
        assertThat(batches).containsExactly(1, 64);
        answer("b");
        answer("c");
        assertThat(batches).containsExactly(1, 64, 15);
        assertThat(all.get(0)).isCompletedWithValue("a");
        assertThat(all.get(64)).isCompletedWithValue("b");
        assertThat(all.get(79)).isCompletedWithValue("c");
    }

    @Test
    void add_otherShard_doesNotWait() {
        add();
        group.add(1, List.of("x"));
        assertThat(batches).containsExactly(1, 1);
    }

    @Test
    void fails_whoWaitedLongFailsToo_whoJustCameDoesNot() {
        CompletableFuture<String> first = add();
        CompletableFuture<String> early = add();
        time.advance(Duration.ofMillis(600));
        CompletableFuture<String> late = add();
        time.advance(Duration.ofMillis(400));

        underWay.remove().completeExceptionally(new RedisCommandExecutionException("READONLY"));

        assertFailed(first, RedisCommandExecutionException.class);
        assertFailed(early, RedisCommandExecutionException.class);
        answer("ok");
        assertThat(late).isCompletedWithValue("ok");
    }

    @Test
    void slowServer_nobodyWaitsLongerThanACommandMayTake() {
        add();
        CompletableFuture<String> second = add();
        time.advance(COMMAND);
        CompletableFuture<String> third = add();

        answer("a");

        assertFailed(second, TimeoutException.class);
        answer("c");
        assertThat(third).isCompletedWithValue("c");
        assertThat(batches).containsExactly(1, 1);
    }

    @Test
    void tooMany_areRefusedAtOnce() {
        for (int i = 0; i < 65_537; i++) {
            assertThat(add()).isNotDone();
        }
        assertFailed(add(), IllegalStateException.class);
    }

    @Test
    void scriptThatThrows_failsAllThatWait_andTheNextGoesOn() {
        Deque<Boolean> throwing = new ArrayDeque<>(List.of(true, false));
        GroupCommit closed = new GroupCommit(
                (shard, things, args) -> {
                    if (throwing.remove()) {
                        throw new IllegalStateException("closed");
                    }
                    return CompletableFuture.completedFuture(List.of("ok".getBytes(StandardCharsets.UTF_8)));
                },
                options);
        assertFailed(add(closed), IllegalStateException.class);
        assertThat(add(closed)).isCompletedWithValue("ok");
    }

    @Test
    void error_isOfItsThingAlone() {
        add();
        CompletableFuture<String> choked = add();
        CompletableFuture<String> fine = add();
        answer("a");
        underWay.remove().complete(List.of(bytes("ERROR WRONGTYPE"), bytes("fine")));
        assertFailed(choked, RedisCommandExecutionException.class);
        assertThat(fine).isCompletedWithValue("fine");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
