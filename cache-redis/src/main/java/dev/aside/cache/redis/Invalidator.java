package dev.aside.cache.redis;

import dev.aside.cache.redis.ShardScripts.Call;
import dev.aside.cache.spi.Delivery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Delivers invalidations to the log: at once if that works, later if it does not. Thread-safe; completes on the command
 * connection's thread.
 */
final class Invalidator {
    /** Keys, or tags, that one script is given. */
    static final int KEYS_PER_CALL = 128;

    private static final int PENDING_PER_ROUND = 1024;
    private static final int AGAIN_PER_ROUND = 200;
    private static final String NO_TOKENS = "";

    private final Layout layout;
    private final List<Shard> shards;
    private final ShardScripts scripts;
    private final Journals journals;
    private final List<InvalidationQueue> queues;
    private final AtomicBoolean delivering = new AtomicBoolean();

    /** What is remembered: invalidations not delivered yet, and those delivered lately. */
    record Journals(PendingJournal pending, RecentJournal recent) {}

    Invalidator(Layout layout, List<Shard> shards, ShardScripts scripts, Journals journals) {
        this.layout = layout;
        this.shards = shards;
        this.scripts = scripts;
        this.journals = journals;
        this.queues = shards.stream()
                .map(shard -> new InvalidationQueue((cache, targets) ->
                        scripts.run(shard, cache, shapes -> invalidate(shard, cache, shapes, targets))))
                .toList();
    }

    CompletableFuture<Delivery> invalidate(String cache, Collection<?> keys) {
        Map<String, String> targets = new LinkedHashMap<>();
        keys.forEach(key -> targets.put(KeyName.of(key).logKey(), NO_TOKENS));
        return report(cache, targets);
    }

    CompletableFuture<Delivery> clear(String cache) {
        return report(cache, Map.of(KeyName.ALL, NO_TOKENS));
    }

    /** @throws IllegalArgumentException if a tag is too long */
    CompletableFuture<Delivery> invalidateTags(String cache, Collection<String> tags) {
        Map<String, String> targets = new LinkedHashMap<>();
        Tags.texts(tags).forEach(text -> targets.put(Tags.logged(text), NO_TOKENS));
        return report(cache, targets);
    }

    /** Invalidates the keys of announced writes, which end by it. */
    CompletableFuture<Delivery> end(List<RedisIntent> intents) {
        Map<String, Map<String, String>> byCache = new LinkedHashMap<>();
        intents.forEach(intent -> byCache.computeIfAbsent(intent.cache(), cache -> new LinkedHashMap<>())
                .merge(intent.logKey(), intent.token(), String::concat));
        List<CompletableFuture<Delivery>> parts = new ArrayList<>();
        byCache.forEach((cache, targets) -> parts.add(report(cache, targets)));
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(done -> parts.stream().map(CompletableFuture::join).allMatch(Delivery.DONE::equals)
                        ? Delivery.DONE
                        : Delivery.PENDING);
    }

    /** Has invalidations delivered later which cannot be now, or of which nobody knows. */
    void later(String cache, Map<String, String> targets) {
        journals.pending().add(cache, targets);
    }

    /** Remembers an invalidation that something else delivered. */
    void delivered(String cache, String logKey) {
        journals.recent().add(cache, List.of(logKey));
    }

    private CompletableFuture<Delivery> report(String cache, Map<String, String> targets) {
        return deliver(cache, targets).thenApply(done -> {
            if (done) {
                journals.recent().add(cache, targets.keySet());
                return Delivery.DONE;
            }
            later(cache, targets);
            return Delivery.PENDING;
        });
    }

    /** Tries once more to deliver what is pending, and re-issues what has to be; called every few milliseconds. */
    void retry() {
        if (!scripts.reachable() || !delivering.compareAndSet(false, true)) {
            return;
        }
        try {
            List<CompletableFuture<?>> rounds = new ArrayList<>();
            rounds.addAll(deliverPending());
            rounds.addAll(issueAgain());
            CompletableFuture.allOf(rounds.toArray(CompletableFuture[]::new))
                    .whenComplete((done, failure) -> delivering.set(false));
        } catch (RuntimeException e) {
            delivering.set(false);
            throw e;
        }
    }

    private List<CompletableFuture<?>> deliverPending() {
        Map<String, List<PendingJournal.Item>> byCache = new LinkedHashMap<>();
        journals.pending()
                .oldest(PENDING_PER_ROUND)
                .forEach(item -> byCache.computeIfAbsent(item.cache(), name -> new ArrayList<>())
                        .add(item));
        List<CompletableFuture<?>> rounds = new ArrayList<>();
        byCache.forEach((cache, items) -> rounds.add(redeliver(cache, items)));
        return rounds;
    }

    /** What the server may have lost with its history; delivered or pending, it is not remembered once more. */
    private List<CompletableFuture<?>> issueAgain() {
        Map<String, Map<String, String>> again = new LinkedHashMap<>();
        journals.recent()
                .next(AGAIN_PER_ROUND)
                .forEach(item -> again.computeIfAbsent(item.cache(), name -> new LinkedHashMap<>())
                        .put(item.logKey(), NO_TOKENS));
        List<CompletableFuture<?>> rounds = new ArrayList<>();
        again.forEach((cache, targets) -> rounds.add(deliver(cache, targets).thenAccept(done -> {
            if (!done) {
                later(cache, targets);
            }
        })));
        return rounds;
    }

    private CompletableFuture<?> redeliver(String cache, List<PendingJournal.Item> items) {
        Map<String, String> targets = new LinkedHashMap<>();
        items.forEach(item -> targets.put(item.logKey(), item.tokens()));
        return deliver(cache, targets).thenAccept(done -> {
            if (done) {
                journals.recent().add(cache, targets.keySet());
                journals.pending().delivered(items);
            }
        });
    }

    /**
     * Whether all of it now stands in the log.
     *
     * @param targets log keys, each with the tokens of the announced writes that end by it
     */
    private CompletableFuture<Boolean> deliver(String cache, Map<String, String> targets) {
        if (targets.size() == 1 && isKey(targets.keySet().iterator().next())) {
            return deliverKey(cache, targets.keySet().iterator().next(), targets);
        }
        List<CompletableFuture<?>> calls = new ArrayList<>();
        Map<Shard, List<String>> byShard = new LinkedHashMap<>();
        List<String> tags = new ArrayList<>();
        for (String logKey : targets.keySet()) {
            if (logKey.equals(KeyName.ALL)) {
                shards.forEach(shard -> calls.add(scripts.run(shard, cache, shapes -> clear(shard, cache))));
            } else if (Tags.isLogged(logKey)) {
                tags.add(logKey);
            } else {
                byShard.computeIfAbsent(shards.get(layout.shardOf(logKey)), shard -> new ArrayList<>())
                        .add(logKey);
            }
        }
        byShard.forEach((shard, logKeys) ->
                inChunks(logKeys, chunk -> calls.add(queues.get(shard.index()).add(cache, tokens(chunk, targets)))));
        shards.forEach(shard -> inChunks(
                tags, chunk -> calls.add(scripts.run(shard, cache, shapes -> invalidateTags(shard, cache, chunk)))));
        return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                .handle((done, failure) -> failure == null);
    }

    private static boolean isKey(String logKey) {
        return !logKey.equals(KeyName.ALL) && !Tags.isLogged(logKey);
    }

    /** What most invalidations are: a fifth of what they cost here was to sort one key into shards and chunks. */
    private CompletableFuture<Boolean> deliverKey(String cache, String logKey, Map<String, String> target) {
        return queues.get(layout.shardOf(logKey)).add(cache, target).handle((done, failure) -> failure == null);
    }

    private static void inChunks(List<String> all, Consumer<List<String>> action) {
        for (int from = 0; from < all.size(); from += KEYS_PER_CALL) {
            action.accept(all.subList(from, Math.min(all.size(), from + KEYS_PER_CALL)));
        }
    }

    private static Map<String, String> tokens(List<String> logKeys, Map<String, String> targets) {
        Map<String, String> tokens = new LinkedHashMap<>();
        logKeys.forEach(logKey -> tokens.put(logKey, targets.getOrDefault(logKey, NO_TOKENS)));
        return tokens;
    }

    private Call invalidate(Shard shard, String cache, String shapes, Map<String, String> targets) {
        List<Object> args = new ArrayList<>(1 + 2 * targets.size());
        args.add(shapes);
        targets.forEach((logKey, tokens) -> {
            args.add(scripts.logged(cache, logKey));
            args.add(tokens);
        });
        return new Call(Script.INV, layout.touched(shard.index(), cache, shapes, targets.keySet()), args);
    }

    private Call invalidateTags(Shard shard, String cache, List<String> logged) {
        List<String> keys = new ArrayList<>(List.of(shard.meta(), shard.log()));
        logged.forEach(tag -> keys.add(layout.tagStamp(shard.index(), cache, Tags.textOfLogged(tag))));
        List<Object> args = new ArrayList<>();
        logged.forEach(tag -> args.add(scripts.logged(cache, tag)));
        return new Call(Script.INVTAGS, keys, args);
    }

    private Call clear(Shard shard, String cache) {
        return new Call(
                Script.CLEAR,
                List.of(shard.meta(), shard.log(), layout.stamp(shard.index(), cache)),
                List.of(scripts.logged(cache, KeyName.ALL)));
    }
}
