package dev.aside.cache;

import dev.aside.cache.LoadStep.Place;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.RemoteCache;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads whose caller runs the method itself, see {@link OpenRead}. Thread-safe and stateless. */
final class OpenStep {
    private final String cache;
    private final CacheContext context;
    private final CacheReads reads;
    private final RemoteCache remote;
    private final Transactions transactions;

    OpenStep(String cache, CacheParts parts, CacheReads reads) {
        this.cache = cache;
        this.context = parts.context();
        this.reads = reads;
        this.remote = parts.remote();
        this.transactions = context.callers().transactions();
    }

    /**
     * Looks the key up and begins a load.
     *
     * @param typed makes of what the engine holds what the caller gets
     * @param place whether the caller may wait for its turn to load
     */
    <V> CompletableFuture<OpenRead<V>> open(
            Object key, Function<@Nullable Object, @Nullable V> typed, Place place, Executor executor) {
        Opening<V> opening = new Opening<>(key, context.threads(), () -> !transactions.mayNotFill());
        begin(opening, key, typed, place, executor);
        return place == Place.CALLER ? opening.awaited() : opening.opened();
    }

    private <V> void begin(
            Opening<V> opening,
            Object key,
            Function<@Nullable Object, @Nullable V> typed,
            Place place,
            Executor executor) {
        if (transactions.apart(cache, List.of(key))) {
            reads.apart(List.of(key), opening, opening.steps(executor))
                    .whenComplete((all, failure) -> land(opening, all == null ? null : all.get(key), typed, failure));
            return;
        }
        Served held = reads.fresh(key);
        if (held != null) {
            land(opening, held, typed, null);
            return;
        }
        reads.open(key, opening, place, opening.steps(executor))
                .result
                .whenComplete((served, failure) ->
                        land(opening, served == null ? null : reads.told(key, served), typed, failure));
    }

    private static <V> void land(
            Opening<V> opening,
            @Nullable Served served,
            Function<@Nullable Object, @Nullable V> typed,
            @Nullable Throwable failure) {
        opening.landed(served, served == null ? null : typed.apply(served.value()), failure);
    }

    /** Looks the key up and begins nothing. */
    <V> CompletableFuture<OpenRead<V>> lookup(
            Object key, Function<@Nullable Object, @Nullable V> typed, Executor executor) {
        if (transactions.touched(cache, key)) {
            return CompletableFuture.completedFuture(OpenRead.nothing());
        }
        Served held = reads.fresh(key);
        if (held != null) {
            return CompletableFuture.completedFuture(OpenRead.hit(typed.apply(held.value())));
        }
        CompletableFuture<OpenRead<V>> found = new CompletableFuture<>();
        Steps.then(remote.lookup(List.of(key), LookupRequest.READ, executor), executor, (lookups, failure) -> {
            try {
                found.complete(failure == null ? read(lookups.get(0), typed) : OpenRead.nothing());
            } catch (RuntimeException | Error e) {
                found.completeExceptionally(e);
            }
        });
        return found;
    }

    private <V> OpenRead<V> read(Lookup lookup, Function<@Nullable Object, @Nullable V> typed) {
        if (lookup instanceof Lookup.Hit hit) {
            reads.countRemoteHit();
            return OpenRead.hit(typed.apply(hit.value().value()));
        }
        if (lookup instanceof Lookup.Granted granted) {
            Lease unwanted = granted.lease();
            remote.release(List.of(unwanted));
        }
        return OpenRead.nothing();
    }
}
