package dev.aside.cache;

import dev.aside.cache.Answer.Level;
import dev.aside.cache.Answer.Reason;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.RemoteCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A read inside a transaction whose data others must not see: the remote tier is asked, what is missing is loaded on the
 * caller's own thread, nothing is kept, and nobody shares the load. Not guarded and not timed: the transaction holds its
 * connection already. Thread-safe.
 */
final class TransactionalRead {
    private final String cache;
    private final CacheContext context;
    private final RemoteCache remote;
    private final StatsCounter stats;

    TransactionalRead(String cache, CacheContext context, RemoteCache remote, StatsCounter stats) {
        this.cache = cache;
        this.context = context;
        this.remote = remote;
        this.stats = stats;
    }

    /**
     * Reads keys that the process does not hold.
     *
     * @param valid keys of which the remote tier may be asked
     * @param touched keys that only the database knows, because the transaction has changed them
     */
    CompletableFuture<Map<Object, Served>> read(
            List<Object> valid, List<Object> touched, BulkLoader loader, Executor executor) {
        CompletableFuture<Map<Object, Served>> result = new CompletableFuture<>();
        CompletionStage<List<Lookup>> lookups = valid.isEmpty()
                ? CompletableFuture.completedStage(List.of())
                : remote.lookup(valid, LookupRequest.READ);
        Steps.then(
                lookups,
                executor,
                (found, failure) -> guarded(result, () -> {
                    Map<Object, Served> all = new LinkedHashMap<>();
                    List<Object> missing = new ArrayList<>(touched);
                    missing.addAll(sort(valid, failure == null ? found : List.of(), all));
                    if (missing.isEmpty()) {
                        result.complete(all);
                    } else {
                        load(missing, all, loader, executor, result);
                    }
                }));
        return result;
    }

    /** Puts hits into the answer and gives back the keys to load; leases are not for us. */
    private List<Object> sort(List<Object> keys, List<Lookup> found, Map<Object, Served> all) {
        List<Object> missing = new ArrayList<>();
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Lookup lookup = i < found.size() ? found.get(i) : new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null);
            if (lookup instanceof Lookup.Hit hit) {
                stats.remoteHits.increment();
                all.put(
                        keys.get(i),
                        new Served(hit.value().value(), Level.L2, hit.value().ageNanos(), Reason.FRESH));
                continue;
            }
            missing.add(keys.get(i));
            if (lookup instanceof Lookup.Granted granted) {
                leases.add(granted.lease());
            }
        }
        if (!leases.isEmpty()) {
            remote.release(leases);
        }
        return missing;
    }

    private void load(
            List<Object> keys,
            Map<Object, Served> all,
            BulkLoader loader,
            Executor executor,
            CompletableFuture<Map<Object, Served>> result) {
        long startedAt = context.ticker().read();
        CompletionStage<? extends Map<?, ?>> values;
        try {
            values = loader.load(keys);
        } catch (Throwable failure) {
            failed(keys, failure, startedAt, result);
            return;
        }
        Steps.then(
                values,
                executor,
                (map, failure) -> guarded(result, () -> {
                    if (failure != null) {
                        failed(keys, Failures.unwrap(failure), startedAt, result);
                        return;
                    }
                    stats.loads.add(keys.size());
                    context.listeners().publish(new CacheEvent.Loaded(cache, keys.size(), since(startedAt)));
                    keys.forEach(key -> all.put(key, Served.loaded(map.get(key), Reason.IN_TRANSACTION)));
                    result.complete(all);
                }));
    }

    private void failed(List<Object> keys, Throwable failure, long startedAt, CompletableFuture<?> result) {
        stats.loadFailures.add(keys.size());
        context.listeners().publish(new CacheEvent.LoadFailed(cache, keys.size(), since(startedAt), failure));
        result.completeExceptionally(failure);
    }

    private Duration since(long startedAt) {
        return Duration.ofNanos(context.ticker().read() - startedAt);
    }

    private static void guarded(CompletableFuture<? extends @Nullable Object> result, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error failure) {
            result.completeExceptionally(failure);
        }
    }
}
