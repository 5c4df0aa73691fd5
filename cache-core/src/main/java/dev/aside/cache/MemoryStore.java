package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.spi.FillOutcome;
import dev.aside.cache.spi.FillRequest;
import dev.aside.cache.spi.Lease;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.RemoteValue;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The entries and leases of an {@link InMemoryRemoteTier}. Thread-safe: one lock, nothing foreign runs under it. */
final class MemoryStore {
    private static final long LEASE = Duration.ofSeconds(10).toNanos();

    private final Ticker ticker;
    private final Map<Slot, Content> contents = new HashMap<>();

    MemoryStore(Ticker ticker) {
        this.ticker = ticker;
    }

    /** An answer, and a future that is done when the slot has changed. */
    record Answer(Lookup lookup, CompletableFuture<?> change) {}

    private record Slot(String cache, Object key) {}

    private record Stored(@Nullable Object value, long storedAt, long freshUntil, long keepUntil) {}

    private static final class Token implements Lease {
        final Slot slot;
        final long until;

        Token(Slot slot, long until) {
            this.slot = slot;
            this.until = until;
        }
    }

    private static final class Content {
        @Nullable Stored stored;

        @Nullable Token lease;

        CompletableFuture<@Nullable Void> change = new CompletableFuture<>();
    }

    Answer lookup(String cache, Object key, long refreshBelowNanos) {
        synchronized (this) {
            Slot slot = new Slot(cache, key);
            long now = ticker.read();
            Content content = contents.computeIfAbsent(slot, absent -> new Content());
            Stored stored = content.stored;
            RemoteValue current = stored == null || now - stored.keepUntil >= 0 ? null : value(stored, now);
            if (current != null && current.freshNanos() > refreshBelowNanos) {
                return new Answer(new Lookup.Hit(current), content.change);
            }
            if (content.lease != null && now - content.lease.until < 0) {
                return new Answer(new Lookup.Denied(Lookup.Reason.BUSY, current), content.change);
            }
            content.lease = new Token(slot, now + LEASE);
            return new Answer(new Lookup.Granted(content.lease, current), content.change);
        }
    }

    private static RemoteValue value(Stored stored, long now) {
        return new RemoteValue(stored.value, stored.freshUntil - now, stored.keepUntil - now, now - stored.storedAt);
    }

    FillOutcome fill(FillRequest fill) {
        CompletableFuture<@Nullable Void> change;
        synchronized (this) {
            Token token = (Token) fill.lease();
            Content content = contents.get(token.slot);
            long now = ticker.read();
            if (content == null || content.lease != token || now - token.until >= 0) {
                return FillOutcome.REFUSED;
            }
            content.stored = new Stored(fill.value(), now, now + fill.freshNanos(), now + fill.keepNanos());
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

    void invalidate(String cache, Object key) {
        Content gone;
        synchronized (this) {
            gone = contents.remove(new Slot(cache, key));
        }
        if (gone != null) {
            gone.change.complete(null);
        }
    }

    void clear(String cache) {
        Map<Slot, Content> gone = new HashMap<>();
        synchronized (this) {
            contents.forEach((slot, content) -> {
                if (slot.cache.equals(cache)) {
                    gone.put(slot, content);
                }
            });
            contents.keySet().removeAll(gone.keySet());
        }
        gone.values().forEach(content -> content.change.complete(null));
    }

    /** The future of the change that has just happened; the slot gets a new one. */
    private static CompletableFuture<@Nullable Void> changed(Content content) {
        CompletableFuture<@Nullable Void> change = content.change;
        content.change = new CompletableFuture<>();
        return change;
    }
}
