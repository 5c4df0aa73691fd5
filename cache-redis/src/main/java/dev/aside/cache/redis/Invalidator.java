package dev.aside.cache.redis;

import dev.aside.cache.spi.Delivery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Delivers invalidations to the log: at once if that works, later if it does not. Thread-safe; completes on the command
 * connection's thread.
 */
final class Invalidator {
    /** Entries a log keeps; a node that falls further behind drops everything. */
    static final int LOG_LENGTH = 65_536;

    private static final int KEYS_PER_CALL = 128;
    private static final int PENDING_PER_ROUND = 1024;
    private static final int AGAIN_PER_ROUND = 200;
    private static final int ATTEMPTS = 4;

    private final Layout layout;
    private final List<Shard> shards;
    private final String node;
    private final Supplier<@Nullable Link> commands;
    private final Supplier<CompletableFuture<?>> attach;
    private final Journals journals;
    private final LongAdder roundTrips;
    private final AtomicBoolean delivering = new AtomicBoolean();

    /** What is remembered: invalidations not delivered yet, and those delivered lately. */
    record Journals(PendingJournal pending, RecentJournal recent) {}

    /** Where the log is, and who writes to it. */
    record Origin(Layout layout, List<Shard> shards, String node) {}

    /** @param attach ties the shards to the server's history once more */
    Invalidator(
            Origin origin,
            Supplier<@Nullable Link> commands,
            Supplier<CompletableFuture<?>> attach,
            Journals journals,
            LongAdder roundTrips) {
        this.layout = origin.layout();
        this.shards = origin.shards();
        this.node = origin.node();
        this.roundTrips = roundTrips;
        this.commands = commands;
        this.attach = attach;
        this.journals = journals;
    }

    CompletableFuture<Delivery> invalidate(String cache, Collection<?> keys) {
        Set<String> logKeys = new LinkedHashSet<>();
        keys.forEach(key -> logKeys.add(KeyName.of(key).logKey()));
        return report(cache, List.copyOf(logKeys));
    }

    CompletableFuture<Delivery> clear(String cache) {
        return report(cache, List.of(KeyName.ALL));
    }

    private CompletableFuture<Delivery> report(String cache, List<String> logKeys) {
        return deliver(cache, logKeys).thenApply(done -> {
            if (done) {
                journals.recent().add(cache, logKeys);
                return Delivery.DONE;
            }
            journals.pending().add(cache, logKeys);
            return Delivery.PENDING;
        });
    }

    /** Tries once more to deliver what is pending, and re-issues what has to be; called every few milliseconds. */
    void retry() {
        if (commands.get() == null || !delivering.compareAndSet(false, true)) {
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
        Map<String, List<String>> again = new LinkedHashMap<>();
        journals.recent()
                .next(AGAIN_PER_ROUND)
                .forEach(item -> again.computeIfAbsent(item.cache(), name -> new ArrayList<>())
                        .add(item.logKey()));
        List<CompletableFuture<?>> rounds = new ArrayList<>();
        again.forEach((cache, logKeys) -> rounds.add(deliver(cache, logKeys).thenAccept(done -> {
            if (!done) {
                journals.pending().add(cache, logKeys);
            }
        })));
        return rounds;
    }

    private CompletableFuture<?> redeliver(String cache, List<PendingJournal.Item> items) {
        List<String> logKeys = items.stream().map(PendingJournal.Item::logKey).toList();
        return deliver(cache, logKeys).thenAccept(done -> {
            if (done) {
                journals.recent().add(cache, logKeys);
                journals.pending().delivered(items);
            }
        });
    }

    /** Whether all of it now stands in the log. */
    private CompletableFuture<Boolean> deliver(String cache, List<String> logKeys) {
        List<CompletableFuture<Boolean>> calls = new ArrayList<>();
        Map<Integer, List<String>> byShard = new LinkedHashMap<>();
        for (String logKey : logKeys) {
            if (logKey.equals(KeyName.ALL)) {
                shards.forEach(shard -> calls.add(clear(cache, shard, ATTEMPTS)));
            } else {
                byShard.computeIfAbsent(layout.shardOf(logKey), shard -> new ArrayList<>())
                        .add(logKey);
            }
        }
        byShard.forEach((shard, names) -> {
            for (int from = 0; from < names.size(); from += KEYS_PER_CALL) {
                List<String> chunk = names.subList(from, Math.min(names.size(), from + KEYS_PER_CALL));
                calls.add(invalidate(cache, shards.get(shard), chunk, ATTEMPTS));
            }
        });
        return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                .thenApply(done -> calls.stream().allMatch(CompletableFuture::join));
    }

    private CompletableFuture<Boolean> invalidate(String cache, Shard shard, List<String> logKeys, int attempts) {
        Link link = commands.get();
        if (link == null || attempts == 0) {
            return CompletableFuture.completedFuture(false);
        }
        String shapes = shard.shapes(cache);
        List<String> keys = keys(cache, shard);
        for (String logKey : logKeys) {
            for (int at = 0; at < shapes.length(); at += EntryFormat.SHAPE) {
                String shape = shapes.substring(at, at + EntryFormat.SHAPE);
                keys.add(layout.entry(shard.index(), cache, shape, logKey));
            }
        }
        List<Object> args = new ArrayList<>(List.of(cache, shapes, LOG_LENGTH, node));
        args.addAll(logKeys);
        roundTrips.increment();
        return link.eval(Script.INV, keys, args.toArray())
                .thenCompose(reply -> {
                    if (((byte[]) reply.get(0))[0] == 'K') {
                        return CompletableFuture.completedFuture(true);
                    }
                    shard.shapes(cache, Attachment.text(reply.get(1)));
                    return invalidate(cache, shard, logKeys, attempts - 1);
                })
                .exceptionallyCompose(failure -> LogReader.wantsAttachment(failure)
                        ? attached(() -> invalidate(cache, shard, logKeys, attempts - 1))
                        : CompletableFuture.completedFuture(false));
    }

    private CompletableFuture<Boolean> clear(String cache, Shard shard, int attempts) {
        Link link = commands.get();
        if (link == null || attempts == 0) {
            return CompletableFuture.completedFuture(false);
        }
        roundTrips.increment();
        return link.eval(Script.CLEAR, keys(cache, shard), cache, LOG_LENGTH, node)
                .thenApply(reply -> true)
                .exceptionallyCompose(failure -> LogReader.wantsAttachment(failure)
                        ? attached(() -> clear(cache, shard, attempts - 1))
                        : CompletableFuture.completedFuture(false));
    }

    private CompletableFuture<Boolean> attached(Supplier<CompletableFuture<Boolean>> next) {
        return attach.get().handle((done, failure) -> failure == null).thenCompose(done -> {
            return done ? next.get() : CompletableFuture.completedFuture(false);
        });
    }

    private List<String> keys(String cache, Shard shard) {
        return new ArrayList<>(List.of(shard.meta(), shard.log(), layout.stamp(shard.index(), cache)));
    }
}
