package dev.aside.demo.shop;

import dev.aside.cache.Caches;
import dev.aside.cache.InvalidationPendingException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Invalidates products whose price was changed past the application: by SQL that says so in its own transaction,
 * {@code SELECT pg_notify('product_changed', sku)}. One node listens, all follow.
 *
 * <p>What was said while nobody listened is lost, so the whole cache is invalidated whenever a connection is made.
 */
final class PriceListenerThread implements AutoCloseable {
    static final String CHANNEL = "product_changed";
    private static final String CACHE = "product";
    private static final Logger LOG = System.getLogger(PriceListenerThread.class.getName());
    private static final int WAIT_MILLIS = 500;
    private static final int PAUSE_MILLIS = 1_000;

    private final String jdbcUrl;
    private final Caches caches;
    private final Thread thread = new Thread(this::run, "demo-price-listener");
    private volatile boolean closed;
    private volatile @Nullable Connection connection;

    /** @param jdbcUrl the database, user and password included; the connection is none of the pool's */
    PriceListenerThread(String jdbcUrl, Caches caches) {
        this.jdbcUrl = jdbcUrl;
        this.caches = caches;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (Connection own = DriverManager.getConnection(jdbcUrl);
                    Statement statement = own.createStatement()) {
                connection = own;
                statement.execute("LISTEN " + CHANNEL);
                invalidate(List.of());
                listen(own.unwrap(PGConnection.class));
            } catch (SQLException e) {
                if (!closed) {
                    LOG.log(Level.WARNING, "nobody listens to price changes: " + e.getMessage());
                    pause();
                }
            }
        }
    }

    private void listen(PGConnection notifications) throws SQLException {
        while (!closed) {
            PGNotification[] arrived = notifications.getNotifications(WAIT_MILLIS);
            if (arrived != null && arrived.length > 0) {
                invalidate(Stream.of(arrived).map(PGNotification::getParameter).toList());
            }
        }
    }

    /** @param skus empty for all */
    private void invalidate(List<String> skus) {
        try {
            if (skus.isEmpty()) {
                caches.clear(CACHE);
            } else {
                caches.invalidate(CACHE, skus);
            }
        } catch (InvalidationPendingException e) {
            LOG.log(Level.DEBUG, "kept, and delivered when Redis is back", e);
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    /** Ends the connection, and the thread with it. */
    @Override
    public void close() throws SQLException {
        closed = true;
        thread.interrupt();
        Connection open = connection;
        if (open != null) {
            open.close();
        }
    }
}
