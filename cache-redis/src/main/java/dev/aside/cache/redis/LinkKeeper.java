package dev.aside.cache.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.netty.channel.ConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection alive. A new one is shown to others only after it was attached; a lost one is hidden at once and
 * replaced after a short pause.
 *
 * <p>{@link #live} may be called by any thread; all else happens on the log thread.
 */
final class LinkKeeper {
    /** Short, so that what waits for Redis is delivered well within the others' quarantine. */
    static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** What is to be done with a connection. */
    interface Use {
        /** Prepares a connection nobody has seen; it is shown when the stage completes, and closed if that fails. */
        CompletionStage<Runnable> attach(Link link);

        /** The connection that was shown is gone. */
        void lost(String why);

        /** Neither connecting nor attaching worked. */
        void failed(Throwable cause);
    }

    private final Threads.Loop loop;
    private final Function<BiConsumer<Link, String>, CompletionStage<Link>> opener;
    private final Use use;
    private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();
    private @Nullable Link current;
    private long pause = MIN_PAUSE_NANOS;
    private boolean closed;

    private volatile @Nullable Link live;

    LinkKeeper(Threads.Loop loop, Function<BiConsumer<Link, String>, CompletionStage<Link>> opener, Use use) {
        this.loop = loop;
        this.opener = opener;
        this.use = use;
    }

    /** Starts; the result is the first attachment or the first failure that is not a timeout. Attempts go on in any case. */
    CompletableFuture<Void> start() {
        loop.execute(this::connect);
        return firstAttempt;
    }

    /** The attached connection, or null while there is none. */
    @Nullable Link live() {
        return live;
    }

    private void connect() {
        if (closed) {
            return;
        }
        opener.apply((link, why) -> loop.execute(() -> lost(link, why)))
                .whenComplete((link, failure) -> loop.execute(() -> opened(link, failure)));
    }

    private void opened(@Nullable Link link, @Nullable Throwable failure) {
        if (link == null) {
            retry(failure == null ? new IllegalStateException("no connection") : failure);
        } else if (closed) {
            link.close();
        } else {
            current = link;
            use.attach(link).whenComplete((shown, refused) -> loop.execute(() -> attached(link, shown, refused)));
        }
    }

    private void attached(Link link, @Nullable Runnable shown, @Nullable Throwable refused) {
        if (current != link) {
            return; // lost meanwhile, and dealt with
        }
        if (shown == null) {
            current = null;
            link.close();
            retry(refused == null ? new IllegalStateException("no attachment") : refused);
            return;
        }
        pause = MIN_PAUSE_NANOS;
        live = link;
        shown.run();
        firstAttempt.complete(null);
    }

    private void lost(Link link, String why) {
        if (current != link) {
            return;
        }
        current = null;
        boolean wasLive = live == link;
        live = null;
        if (closed) {
            return;
        }
        if (wasLive) {
            use.lost(why);
            again();
        } else {
            retry(new IllegalStateException(why));
        }
    }

    private void retry(Throwable cause) {
        use.failed(cause);
        if (!isTimeout(cause)) { // a slow start of either side, not a failure yet
            firstAttempt.completeExceptionally(cause);
        }
        again();
    }

    private static boolean isTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandTimeoutException
                    || cause instanceof ConnectTimeoutException
                    || cause instanceof ClosedChannelException) {
                return true;
            }
        }
        return false;
    }

    private void again() {
        loop.schedule(this::connect, pause);
        pause = Math.min(2 * pause, MAX_PAUSE_NANOS);
    }

    /** Ends it for good. Log thread only. */
    CompletableFuture<Void> close() {
        closed = true;
        live = null;
        Link link = current;
        current = null;
        firstAttempt.cancel(false);
        return link == null ? CompletableFuture.completedFuture(null) : link.close();
    }
}
