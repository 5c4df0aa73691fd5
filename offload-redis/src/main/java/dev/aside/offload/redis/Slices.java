package dev.aside.offload.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** One question about each of many things, for a bounded number of them at once. */
final class Slices {
    private static final int AT_ONCE = 256;

    private Slices() {}

    /** The answers, in order. */
    static <T, R> CompletionStage<List<R>> ask(List<T> all, Function<T, CompletionStage<R>> question) {
        return from(0, all, question, new ArrayList<>(all.size()));
    }

    private static <T, R> CompletionStage<List<R>> from(
            int first, List<T> all, Function<T, CompletionStage<R>> question, List<R> answers) {
        if (first >= all.size()) {
            return CompletableFuture.completedFuture(answers);
        }
        int next = Math.min(all.size(), first + AT_ONCE);
        List<CompletableFuture<R>> slice = all.subList(first, next).stream()
                .map(one -> question.apply(one).toCompletableFuture())
                .toList();
        return RedisJobStore.all(slice).thenCompose(done -> {
            slice.forEach(answer -> answers.add(answer.join()));
            return from(next, all, question, answers);
        });
    }
}
