package dev.aside.testkit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server for tests, on a free port of 127.0.0.1, with fsync off.
 *
 * <p>{@link #start()} and {@link #shared()} hand out the server of the environment variable {@code
 * ASIDE_TEST_POSTGRES_URL} (a JDBC URL with user and password) if it is set. Otherwise, and always with {@link
 * #builder()}, a server of its own is started: the programs below {@code ASIDE_TEST_POSTGRES_HOME}, else the embedded
 * PostgreSQL 18. It ends with the JVM, even if that is killed. It runs as {@code nobody} if the JVM runs as root.
 *
 * <p>Needs the PostgreSQL JDBC driver, which comes with the testkit. Thread-safe. Whatever goes wrong is a {@link
 * TestServerException}, unless stated otherwise.
 */
public final class PostgresServer implements AutoCloseable {
    static final String VARIABLE = "ASIDE_TEST_POSTGRES_URL";

    private static @Nullable PostgresServer sharedServer; // guarded by the class

    private final String jdbcUrl;
    private final @Nullable PostgresProcess process; // null: a server of the environment
    private final boolean shared;
    private final Set<String> guests = ConcurrentHashMap.newKeySet(); // databases on a server that is not ours

    private PostgresServer(String jdbcUrl, @Nullable PostgresProcess process, boolean shared) {
        this.jdbcUrl = jdbcUrl;
        this.process = process;
        this.shared = shared;
        if (process == null) {
            ShutdownHook.add("aside-testkit-databases", this::dropGuests);
        }
    }

    /** A server with default settings. */
    public static PostgresServer start() {
        return start(Environment.SYSTEM);
    }

    static PostgresServer start(Environment environment) {
        String url = environment.get(VARIABLE);
        return url == null ? new Builder(environment).start() : connect(url);
    }

    /**
     * The one server that all tests of this JVM share: started at the first call, closed with the JVM. Closing it
     * earlier does nothing. Tests that share it take a {@linkplain #createDatabase database} each.
     */
    public static synchronized PostgresServer shared() {
        if (sharedServer == null) {
            PostgresServer server = start();
            sharedServer = new PostgresServer(server.jdbcUrl, server.process, true);
        }
        return sharedServer;
    }

    /** A server of one's own with other settings. */
    public static Builder builder() {
        return new Builder(Environment.SYSTEM);
    }

    /** JDBC URL of the database {@code postgres}, user and password included; or what the environment said. */
    public String jdbcUrl() {
        return jdbcUrl;
    }

    /**
     * Creates an empty database. It goes with the server; from a server of the environment it is dropped by {@link
     * #close()} or when the JVM ends.
     *
     * @param name begins the database's name, which ends in something unique: two tests may choose the same one; at
     *     most 40 characters of {@code a-z 0-9 _}
     * @return its JDBC URL, user and password included
     * @throws IllegalArgumentException if the name has other characters
     */
    public String createDatabase(String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,39}")) {
            throw new IllegalArgumentException(
                    "A database name is a letter and up to 39 more of a-z, 0-9 and _, not '" + name + "'");
        }
        String unique =
                name + "_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        execute("CREATE DATABASE " + unique);
        String url = PostgresUrl.withDatabase(jdbcUrl, unique);
        if (process == null) {
            guests.add(url);
        }
        return url;
    }

    /**
     * Drops a database and ends its connections.
     *
     * @param databaseUrl what {@link #createDatabase} returned
     * @throws IllegalArgumentException if it is the URL of the server itself
     */
    public void dropDatabase(String databaseUrl) {
        String name = PostgresUrl.database(databaseUrl);
        if (name.equals(PostgresUrl.database(jdbcUrl))) {
            throw new IllegalArgumentException("The database " + name + " belongs to the server, not to a test");
        }
        execute("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
        guests.remove(databaseUrl);
    }

    /**
     * The process ID of the server.
     *
     * @throws UnsupportedOperationException if the server comes from the environment
     */
    public long pid() {
        if (process == null) {
            throw new UnsupportedOperationException(
                    this + " is not ours. Start one with PostgresServer.builder().start().");
        }
        return process.pid();
    }

    /** The host name or address it listens on. */
    public String host() {
        return PostgresUrl.host(jdbcUrl);
    }

    /** The TCP port it listens on. */
    public int port() {
        return PostgresUrl.port(jdbcUrl);
    }

    /**
     * Ends the server, connections included, and removes its files. On a server of the environment it drops the databases
     * that were created here. Does nothing on the shared one.
     */
    @Override
    public void close() {
        if (shared) {
            return;
        }
        if (process == null) {
            dropGuests();
        } else {
            process.close();
        }
    }

    @Override
    public String toString() {
        return "PostgresServer " + host() + ":" + port() + (process == null ? " of " + VARIABLE : "");
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new TestServerException(this + " failed at " + sql + ": " + e.getMessage(), e);
        }
    }

    private void dropGuests() {
        List.copyOf(guests).forEach(this::dropDatabase);
    }

    private static PostgresServer connect(String url) {
        PostgresUrl.database(url); // is it one?
        PostgresServer server = new PostgresServer(url, null, false);
        try {
            server.execute("SELECT 1");
        } catch (TestServerException e) {
            throw new TestServerException(
                    VARIABLE + " names a server that cannot be used: " + PostgresUrl.withoutSecrets(url) + " ("
                            + e.getMessage() + "). Start that server, or unset the variable to use the embedded one.",
                    e);
        }
        return server;
    }

    /** Settings of a server. Not thread-safe. */
    public static final class Builder {
        private final Environment environment;
        private final List<String> settings = new ArrayList<>();
        private int port;

        private Builder(Environment environment) {
            this.environment = environment;
        }

        /**
         * The port to listen on; a free one if it is not set.
         *
         * @throws IllegalArgumentException if it is not within 1..65535
         */
        public Builder port(int value) {
            port = Ports.require(value);
            return this;
        }

        /** One more setting of {@code postgresql.conf}, such as {@code ("max_connections", "200")}. */
        public Builder setting(String name, String value) {
            settings.add(name + "=" + value);
            return this;
        }

        /** Starts the server and waits until it is ready; about a second. */
        public PostgresServer start() {
            PostgresBinaries binaries = PostgresBinaries.find(environment);
            PostgresProcess process =
                    PostgresProcess.start(binaries, UserSwitch.find(binaries.postgres()), port, settings);
            return new PostgresServer(process.jdbcUrl(), process, false);
        }
    }
}
