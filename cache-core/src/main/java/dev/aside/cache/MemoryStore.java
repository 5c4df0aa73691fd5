package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Intent;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.PutOutcome;
import dev.aside.cache.spi.PutRequest;
import dev.aside.cache.spi.RemoteValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The entries, leases and intents of an {@link InMemoryRemoteTier}. Thread-safe: one lock, nothing foreign runs under it.
 */
final class MemoryStore {
    private static final long LEASE = Duration.ofSeconds(10).toNanos();
    private static final long GUARD = Duration.ofSeconds(30).toNanos();

    private final Ticker ticker;
    private final Map<Slot, Content> contents = new HashMap<>();

    /** When each tag was invalidated last, in steps of one sequence. */
    private final Map<Slot, Long> tagSteps = new HashMap<>();

    private long step;

    MemoryStore(Ticker ticker) {
        this.ticker = ticker;
    }

    /** An answer, and a future that is done when the slot has changed. */
    record Answer(Lookup lookup, CompletableFuture<?> change) {}

    /** A key of a cache, or a tag of one. */
    private record Slot(String cache, Object key) {}

    private record Stored(
            @Nullable Object value, long storedAt, long freshUntil, long keepUntil, List<String> tags, long step) {}

    private static final class Token implements Lease {
        final Slot slot;
        final long until;
        final long step;

        Token(Slot slot, long until, long step) {
            this.slot = slot;
            this.until = until;
            this.step = step;
        }
    }

    private static final class Writer implements Intent {
        final Slot slot;
        final long until;
        final long step;

        /** Whether somebody else has touched the key since. */
        boolean overtaken;

        Writer(Slot slot, long until, long step) {
            this.slot = slot;
            this.until = until;
            this.step = step;
        }
    }

    private static final class Content {
        @Nullable Stored stored;

        @Nullable Token lease;

        final List<Writer> writers = new ArrayList<>();

        CompletableFuture<@Nullable Void> change = new CompletableFuture<>();
    }

    synchronized Answer lookup(String cache, Object key, long refreshBelowNanos) {
        Slot slot = new Slot(cache, key);
        long now = ticker.read();
        Content content = content(slot, now);
        if (!content.writers.isEmpty()) {
            return new Answer(new Lookup.Denied(Lookup.Reason.WRITING, null), content.change);
        }
        Stored stored = content.stored;
        RemoteValue current =
                stored == null || now - stored.keepUntil >= 0 || !tagsHold(cache, stored.tags, stored.step)
                        ? null
                        : value(stored, now);
        if (current != null && current.freshNanos() > refreshBelowNanos) {
            return new Answer(new Lookup.Hit(current), content.change);
        }
        if (content.lease != null && now - content.lease.until < 0) {
            return new Answer(new Lookup.Denied(Lookup.Reason.BUSY, current), content.change);
        }
        content.lease = new Token(slot, now + LEASE, step);
        return new Answer(new Lookup.Granted(content.lease, current), content.change);
    }

    /** What is there, without writers whose time is over. */
    private Content content(Slot slot, long now) {
        Content content = contents.computeIfAbsent(slot, absent -> new Content());
        content.writers.removeIf(writer -> now - writer.until >= 0);
        return content;
    }

    private static RemoteValue value(Stored stored, long now) {
        return new RemoteValue(
                stored.value, stored.freshUntil - now, stored.keepUntil - now, now - stored.storedAt, stored.tags);
    }

    private boolean tagsHold(String cache, List<String> tags, long since) {
        return tags.stream().allMatch(tag -> tagSteps.getOrDefault(new Slot(cache, tag), 0L) <= since);
    }

    FillOutcome fill(FillRequest fill) {
        CompletableFuture<@Nullable Void> change;
        synchronized (this) {
            Token token = (Token) fill.lease();
            Content content = contents.get(token.slot);
            long now = ticker.read();
            if (content == null
                    || content.lease != token
                    || now - token.until >= 0
                    || !tagsHold(token.slot.cache, fill.tags(), token.step)) {
                return FillOutcome.REFUSED;
            }
            content.stored = new Stored(
                    fill.value(), now, now + fill.freshNanos(), now + fill.keepNanos(), fill.tags(), token.step);
            content.lease = null;
            change = changed(content);
        }
        change.complete(null);
        return FillOutcome.STORED;
    }

    void release(Lease lease) {
        CompletableFuture<@Nullable Void> change;
        synchronized (this) {
            Token token = (Token) lease;
            Content content = contents.get(token.slot);
            if (content == null || content.lease != token) {
                return;
            }
            content.lease = null;
            change = changed(content);
        }
        change.complete(null);
    }

    /** Voids every lease, as a crash of their holders would after a while. */
    void loseLeases() {
        List<CompletableFuture<@Nullable Void>> changes = new ArrayList<>();
        synchronized (this) {
            for (Content content : contents.values()) {
                if (content.lease != null) {
                    content.lease = null;
                    changes.add(changed(content));
                }
            }
        }
        changes.forEach(change -> change.complete(null));
    }

    Intent announce(String cache, Object key) {
        Slot slot = new Slot(cache, key);
        Writer writer;
        CompletableFuture<@Nullable Void> change;
        synchronized (this) {
            long now = ticker.read();
            writer = new Writer(slot, now + GUARD, step);
            Content content = content(slot, now);
            change = emptied(content);
            content.writers.add(writer);
        }
        change.complete(null);
        return writer;
    }

    PutOutcome put(PutRequest put) {
        Writer writer = (Writer) put.intent();
        CompletableFuture<@Nullable Void> change;
        PutOutcome outcome;
        synchronized (this) {
            long now = ticker.read();
            Content content = content(writer.slot, now);
            boolean mine = content.writers.remove(writer)
                    && !writer.overtaken
                    && content.writers.isEmpty()
                    && tagsHold(writer.slot.cache, put.tags(), writer.step);
            change = emptied(content);
            if (mine) {
                content.stored = new Stored(
                        put.value(), now, now + put.freshNanos(), now + put.keepNanos(), put.tags(), writer.step);
            }
            outcome = mine ? PutOutcome.STORED : PutOutcome.INVALIDATED;
        }
        change.complete(null);
        return outcome;
    }

    void end(Intent intent) {
        Writer writer = (Writer) intent;
        synchronized (this) {
            content(writer.slot, ticker.read()).writers.remove(writer);
        }
        invalidate(writer.slot.cache, writer.slot.key);
    }

    static Object key(Intent intent) {
        return ((Writer) intent).slot.key;
    }

    static String cache(Intent intent) {
        return ((Writer) intent).slot.cache;
    }

    void invalidate(String cache, Object key) {
        CompletableFuture<@Nullable Void> change;
        synchronized (this) {
            Slot slot = new Slot(cache, key);
            Content content = content(slot, ticker.read());
            change = emptied(content);
            if (content.writers.isEmpty()) {
                contents.remove(slot);
            }
        }
        change.complete(null);
    }

    void clear(String cache) {
        List<CompletableFuture<@Nullable Void>> changes = new ArrayList<>();
        synchronized (this) {
            contents.forEach((slot, content) -> {
                if (slot.cache.equals(cache)) {
                    changes.add(emptied(content));
                }
            });
            contents.entrySet()
                    .removeIf(entry -> entry.getKey().cache.equals(cache)
                            && entry.getValue().writers.isEmpty());
        }
        changes.forEach(change -> change.complete(null));
    }

    synchronized void invalidateTag(String cache, String tag) {
        tagSteps.put(new Slot(cache, tag), ++step);
    }

    /** Takes value and lease away and overtakes the writers; gives the future of that change. */
    private static CompletableFuture<@Nullable Void> emptied(Content content) {
        content.stored = null;
        content.lease = null;
        content.writers.forEach(other -> other.overtaken = true);
        return changed(content);
    }

    /** The future of the change that has just happened; the slot gets a new one. */
    private static CompletableFuture<@Nullable Void> changed(Content content) {
        CompletableFuture<@Nullable Void> change = content.change;
        content.change = new CompletableFuture<>();
        return change;
    }
}
