package dev.aside.cache;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads whose caller runs the method itself, see {@link OpenRead}. Thread-safe and stateless. */
final class OpenStep {
    private final String cache;
    private final CacheReads reads;
    private final Transactions transactions;

    OpenStep(String cache, CacheReads reads, Transactions transactions) {
        this.cache = cache;
        this.reads = reads;
        this.transactions = transactions;
    }

    /** @param typed makes of what the engine holds what the caller gets */
    <V> CompletableFuture<OpenRead<V>> open(
            Object key, Function<@Nullable Object, @Nullable V> typed, Executor executor) {
        Opening<V> opening = new Opening<>(key);
        if (transactions.apart(cache, List.of(key))) {
            reads.apart(List.of(key), opening, opening.steps(executor))
                    .whenComplete((all, failure) -> land(opening, all == null ? null : all.get(key), typed, failure));
            return opening.opened();
        }
        Served held = reads.fresh(key);
        if (held != null) {
            land(opening, held, typed, null);
            return opening.opened();
        }
        reads.open(key, opening, opening.steps(executor))
                .result
                .whenComplete((served, failure) ->
                        land(opening, served == null ? null : reads.told(key, served), typed, failure));
        return opening.opened();
    }

    private static <V> void land(
            Opening<V> opening,
            @Nullable Served served,
            Function<@Nullable Object, @Nullable V> typed,
            @Nullable Throwable failure) {
        opening.landed(served, served == null ? null : typed.apply(served.value()), failure);
    }
}
