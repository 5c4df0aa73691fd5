package dev.aside.demo;

import dev.aside.demo.web.RedisControl;
import dev.aside.testkit.PostgresServer;
import dev.aside.testkit.RedisServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL, the Redis and the mail server of the demo: started for it, or given. Thread-safe. */
final class DemoServers implements RedisControl, AutoCloseable {
    private static final int CONNECT_MILLIS = 3_000;

    private final @Nullable PostgresServer postgres; // null: given
    private final @Nullable RedisServer redis; // null: given
    private final MailServer mails;
    private final String jdbcUrl;
    private final String redisUri;

    private DemoServers(DemoOptions options) {
        this.redis = options.redis() == null ? RedisServer.builder().start() : null;
        this.redisUri = redis == null ? String.valueOf(options.redis()) : redis.uri();
        this.mails = MailServer.start();
        this.postgres = options.postgres() == null ? PostgresServer.builder().start() : null;
        this.jdbcUrl = postgres == null ? String.valueOf(options.postgres()) : postgres.jdbcUrl();
    }

    /**
     * Starts what was not given.
     *
     * @throws DemoException if a given Redis does not listen
     */
    static DemoServers start(DemoOptions options) {
        if (options.redis() != null) {
            requireListening(options.redis());
        }
        return new DemoServers(options);
    }

    private static void requireListening(String uri) {
        String shown = uri.replaceFirst("//.*@", "//***@");
        URI address;
        try {
            address = new URI(uri);
        } catch (URISyntaxException e) {
            throw new DemoException("--redis: '" + shown + "' is not a URI [hint: redis://localhost:6379]");
        }
        if (address.getHost() == null) {
            throw new DemoException("--redis: '" + shown + "' names no host [hint: redis://localhost:6379]");
        }
        int port = address.getPort() < 0 ? 6379 : address.getPort();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), port), CONNECT_MILLIS);
        } catch (IOException e) {
            throw new DemoException(
                    "Redis at " + address.getHost() + ":" + port + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** User and password included. */
    String jdbcUrl() {
        return jdbcUrl;
    }

    String redisUri() {
        return redisUri;
    }

    MailServer mails() {
        return mails;
    }

    /** The Redis that was started; for tests. */
    RedisServer redis() {
        return own();
    }

    @Override
    public boolean isOurs() {
        return redis != null;
    }

    @Override
    public boolean isRunning() {
        return redis == null || redis.isRunning();
    }

    @Override
    public synchronized void stop() {
        own().stop();
    }

    @Override
    public synchronized void start() {
        if (!own().isRunning()) {
            own().restart();
        }
    }

    private RedisServer own() {
        if (redis == null) {
            throw new UnsupportedOperationException("Redis at " + redisUri + " was given and is not ours");
        }
        return redis;
    }

    @Override
    public void close() {
        mails.close();
        if (redis != null) {
            redis.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }
}
