package dev.aside.offload.redis;

import dev.aside.offload.JobStoreException;
import dev.aside.offload.spi.TimeSource;
import io.lettuce.core.RedisCommandTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection, opened when it is first asked for. One that answers nothing for several commands in a row (a
 * black hole keeps the socket open) is given up for a new one. After a failure to open one, who asks within a moment
 * gets the same failure. Thread-safe; the monitor guards the fields, never held while something is opened.
 *
 * @param <C> what is kept
 */
final class Keeper<C> {
    private static final int PATIENCE = 3;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Supplier<CompletionStage<C>> opener;
    private final Consumer<C> closer;
    private final TimeSource time;
    private @Nullable CompletableFuture<C> current;
    private long failedNanos;
    private int timeouts;
    private boolean closed;

    Keeper(Supplier<CompletionStage<C>> opener, Consumer<C> closer, TimeSource time) {
        this.opener = opener;
        this.closer = closer;
        this.time = time;
    }

    CompletableFuture<C> get() {
        CompletableFuture<C> mine;
        synchronized (this) {
            CompletableFuture<C> known = current;
            if (known != null
                    && (!known.isCompletedExceptionally() || time.nanoTime() - failedNanos < PAUSE_NANOS || closed)) {
                return known;
            }
            mine = new CompletableFuture<>();
            current = mine;
            timeouts = 0;
        }
        opener.get().whenComplete((opened, failure) -> opened(mine, opened, failure));
        return mine;
    }

    private void opened(CompletableFuture<C> mine, @Nullable C opened, @Nullable Throwable failure) {
        boolean unwanted;
        synchronized (this) {
            unwanted = current != mine;
            if (opened == null) {
                failedNanos = time.nanoTime();
            }
        }
        if (opened == null) {
            mine.completeExceptionally(
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure == null ? new IllegalStateException("no connection") : failure);
        } else if (unwanted) {
            closer.accept(opened);
            mine.completeExceptionally(new IllegalStateException("the store is closed"));
        } else {
            mine.complete(opened);
        }
    }

    /** How a command over the kept connection went; null if well. */
    void went(C connection, @Nullable Throwable failure) {
        if (failure == null) {
            timeouts = 0; // a lost reset only renews the connection a little early
            return;
        }
        if (failure instanceof RedisCommandTimeoutException) {
            boolean enough;
            synchronized (this) {
                enough = ++timeouts >= PATIENCE;
            }
            if (enough) {
                renew(connection);
            }
        }
    }

    /** Gives this connection up, if it is still the one that is kept. */
    void renew(C connection) {
        synchronized (this) {
            if (closed || current == null || !current.isDone() || current.getNow(connection) != connection) {
                return;
            }
            current = null;
        }
        closer.accept(connection);
    }

    /**
     * Waits for the first connection, at most for what it may take. A server that loads its data, or is slow to greet as on
     * a machine that starts everything at once, is waited for as long.
     *
     * @throws JobStoreException if there is none
     */
    static <C> C join(Supplier<CompletableFuture<C>> opening, RedisJobOptions options) {
        String where = options.address().toString();
        long deadline = options.time().nanoTime() + options.times().command().toNanos() + START_NANOS;
        try {
            return join(opening, options.time(), deadline);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JobStoreException own) {
                throw own;
            }
            throw new JobStoreException(
                    Calls.isLoading(e.getCause())
                            ? "the job store cannot use Redis, " + where + ", yet: it is still loading its data"
                            : "the job store cannot reach Redis, " + where + ". Hint: is the URI right?",
                    e);
        } catch (TimeoutException e) {
            throw new JobStoreException("the job store cannot reach Redis, " + where + ": it does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobStoreException("interrupted while connecting to Redis, " + where, e);
        }
    }

    private static <C> C join(Supplier<CompletableFuture<C>> opening, TimeSource time, long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        while (true) {
            try {
                return opening.get().get(deadline - time.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                if (!(Calls.isLoading(e.getCause()) || isSlow(e)) || time.nanoTime() + PAUSE_NANOS - deadline >= 0) {
                    throw e;
                }
            }
            time.parkUntil(opening, time.nanoTime() + PAUSE_NANOS);
        }
    }

    private static boolean isSlow(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandTimeoutException) {
                return true;
            }
        }
        return false;
    }

    void close() {
        CompletableFuture<C> last;
        synchronized (this) {
            closed = true;
            last = current;
            current = CompletableFuture.failedFuture(new IllegalStateException("the store is closed"));
        }
        if (last != null && last.isDone() && !last.isCompletedExceptionally()) {
            closer.accept(last.join());
        }
    }
}
