package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlicesTest {
    private final List<CompletableFuture<Integer>> asked = new ArrayList<>();

    private CompletableFuture<Integer> ask(int number) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        asked.add(answer);
        return answer;
    }

    private void answerAll() {
        for (int i = 0; i < asked.size(); i++) {
            asked.get(i).complete(i);
        }
    }

    @Test
    void ask_aboutMany_isInFlightForSomeOfThem_andAnswersInOrder() {
        List<Integer> all = IntStream.range(0, 1_000).boxed().toList();
        CompletableFuture<List<Integer>> answers = Slices.ask(all, this::ask).toCompletableFuture();
        assertThat(asked).hasSize(256);
        for (int i = 0; i < 256; i++) {
            asked.get(i).complete(i);
        }
        assertThat(asked).hasSize(512);
        answerAll();
        assertThat(answers).isCompletedWithValue(all);
    }

    @Test
    void ask_oneFails_asksNoMore() {
        List<Integer> all = IntStream.range(0, 300).boxed().toList();
        CompletableFuture<List<Integer>> answers = Slices.ask(all, this::ask).toCompletableFuture();
        asked.get(7).completeExceptionally(new IllegalStateException("away"));
        answerAll();
        assertThat(answers).isCompletedExceptionally();
        assertThat(asked).hasSize(256);
    }
}
