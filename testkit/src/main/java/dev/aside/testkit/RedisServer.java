package dev.aside.testkit;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis server for tests: one process on a free port of 127.0.0.1, without persistence.
 *
 * <p>{@link #start()} and {@link #shared()} hand out the server of the environment variable {@code ASIDE_TEST_REDIS_URL}
 * if it is set. Otherwise, and always with {@link #builder()}, a process of its own is started: the program named by
 * {@code ASIDE_TEST_REDIS_BIN}, else the embedded Redis 7.0. The process ends with the JVM, even if that is killed.
 *
 * <p>Only a server of one's own can be stopped, killed, paused, restarted: the others throw
 * {@link UnsupportedOperationException}. Thread-safe. Whatever goes wrong is a {@link TestServerException}, unless stated
 * otherwise.
 */
public final class RedisServer implements AutoCloseable {
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REPLICATION_TIMEOUT = Duration.ofSeconds(5);

    private static @Nullable RedisServer shared; // guarded by the class

    private final RedisAddress address;
    private final @Nullable RedisProcess process; // null: a server of the environment
    private final String notOwn; // why it must not be touched, empty if it may

    private RedisServer(RedisAddress address, @Nullable RedisProcess process, String notOwn) {
        this.address = address;
        this.process = process;
        this.notOwn = notOwn;
    }

    static RedisServer start(RedisSettings settings) {
        RedisProcess process = RedisProcess.start(settings);
        return new RedisServer(process.address(), process, "");
    }

    /** A server with default settings. */
    public static RedisServer start() {
        return start(Environment.SYSTEM);
    }

    static RedisServer start(Environment environment) {
        String url = environment.get(RedisAddress.VARIABLE);
        return url == null ? new Builder(environment).start() : connect(RedisAddress.parse(url));
    }

    /**
     * The one server that all tests of this JVM share: started at the first call, closed with the JVM. Closing it
     * earlier does nothing. Tests that share it keep apart by key names or {@link #flush()}.
     */
    public static synchronized RedisServer shared() {
        if (shared == null) {
            RedisServer server = start();
            shared = server.process == null
                    ? server
                    : new RedisServer(server.address, server.process, "all tests of this JVM share it");
        }
        return shared;
    }

    /** A server of one's own with other settings. */
    public static Builder builder() {
        return new Builder(Environment.SYSTEM);
    }

    /** {@code redis://127.0.0.1:port}, or what the environment said. */
    public String uri() {
        return address.uri();
    }

    /** The host name or address it listens on. */
    public String host() {
        return address.host();
    }

    /** The TCP port; the same after a {@link #restart()}. */
    public int port() {
        return address.port();
    }

    /** The process ID of the running, or else the last, process; not known of a server of the environment. */
    public long pid() {
        return started("say its pid").pid();
    }

    /** Whether its process runs; a paused one does. True for a server of the environment. */
    public boolean isRunning() {
        return process == null || process.isRunning();
    }

    /** Whether it can answer: it runs and is not paused. */
    boolean isUp() {
        return process == null || process.isUp();
    }

    /** Orderly shutdown (SIGTERM). Does nothing if it does not run. */
    public void stop() {
        own("be stopped").end("TERM");
    }

    /** Kills the process (SIGKILL) and waits until it is gone. Does nothing if it does not run. */
    public void kill() {
        own("be killed").end("KILL");
    }

    /**
     * Starts it again on the same port, after a {@link #stop()} if it still runs. Its data is gone, unless its
     * configuration says {@code appendonly yes}.
     */
    public void restart() {
        RedisProcess own = own("be restarted");
        own.end("TERM");
        own.launch();
    }

    /** Freezes the process (SIGSTOP): the kernel still accepts connections, nothing is answered until {@link #resume()}. */
    public void pause() {
        own("be paused").pause(true);
    }

    /** Lets a paused process go on (SIGCONT). Does nothing if it is not paused. */
    public void resume() {
        own("be resumed").pause(false);
    }

    /**
     * Sends a command over a connection of its own and waits up to 10 s for the reply. What spans several commands of a
     * connection, such as {@code MULTI} or {@code WAIT}, does not work by this.
     *
     * @param words the command and its arguments, as in {@code command("SET", "key", "value")}
     * @throws RedisCommandException if the server answers with an error
     */
    public RedisReply command(String... words) {
        return lastReply(List.of(List.of(words)));
    }

    /**
     * Waits up to 5 s until so many replicas have all that was written here before; a failover loses the rest.
     *
     * @param replicas at least 1
     */
    public void awaitReplicated(int replicas) {
        awaitReplicated(replicas, REPLICATION_TIMEOUT);
    }

    void awaitReplicated(int replicas, Duration timeout) {
        // a connection waits for what was written when its last command ended
        List<String> wait = List.of("WAIT", Integer.toString(replicas), Long.toString(timeout.toMillis()));
        long reached = lastReply(List.of(List.of("PING"), wait)).number();
        if (reached < replicas) {
            throw new TestServerException(reached + " instead of " + replicas + " replicas follow " + this);
        }
    }

    /** Deletes all keys of the database that {@link #uri()} names. */
    public void flush() {
        command("FLUSHDB");
    }

    /**
     * How often each command ran since the start or {@link #resetCommandCalls()}: lower-case name to count. Commands
     * inside scripts count too.
     */
    public Map<String, Long> commandCalls() {
        Map<String, Long> calls = new TreeMap<>();
        String info = command("INFO", "commandstats").text();
        info.lines().filter(line -> line.startsWith("cmdstat_")).forEach(line -> {
            String name = line.substring("cmdstat_".length(), line.indexOf(':')); // cmdstat_get:calls=21,usec=175,...
            String count = line.substring(line.indexOf('=') + 1, line.indexOf(','));
            calls.put(name, Long.valueOf(count));
        });
        return calls;
    }

    /** Makes {@link #commandCalls()} and the server's other statistics start at zero. */
    public void resetCommandCalls() {
        command("CONFIG", "RESETSTAT");
    }

    /** The end of the server's log, for messages of failing tests; not known of a server of the environment. */
    public String log() {
        return started("show its log").log();
    }

    /** Kills the process and removes its files. Does nothing on a shared server or one of the environment. */
    @Override
    public void close() {
        if (notOwn.isEmpty() && process != null) {
            process.close();
        }
    }

    @Override
    public String toString() {
        return "RedisServer " + host() + ":" + port() + (isRunning() ? "" : " (stopped)");
    }

    private RedisReply lastReply(List<List<String>> commands) {
        try (RedisConnection connection = RedisConnection.open(address, COMMAND_TIMEOUT)) {
            RedisReply reply = RedisReply.of(null);
            for (List<String> command : commands) {
                reply = connection.command(command);
            }
            return reply;
        } catch (IOException e) {
            throw new TestServerException(
                    this + " does not answer " + commands.get(0).get(0), e);
        }
    }

    private RedisProcess own(String doWhat) {
        if (!notOwn.isEmpty()) {
            throw refusal(doWhat);
        }
        return started(doWhat);
    }

    private RedisProcess started(String doWhat) {
        if (process == null) {
            throw refusal(doWhat);
        }
        return process;
    }

    private UnsupportedOperationException refusal(String doWhat) {
        return new UnsupportedOperationException(
                this + " cannot " + doWhat + ": " + notOwn + ". Start one with RedisServer.builder().start().");
    }

    private static RedisServer connect(RedisAddress address) {
        RedisServer server =
                new RedisServer(address, null, "it comes from " + RedisAddress.VARIABLE + " and is not ours");
        try {
            server.command("PING");
            return server;
        } catch (TestServerException | RedisCommandException e) {
            String reason = e.getCause() instanceof ConnectException c ? c.getMessage() : e.getMessage();
            throw new TestServerException(
                    RedisAddress.VARIABLE + " names a server that cannot be used: " + address.host() + ":"
                            + address.port() + " (" + reason
                            + "). Start that server, or unset the variable to use the embedded one.",
                    e);
        }
    }

    /** Settings of a server. Not thread-safe. */
    public static final class Builder {
        private final Environment environment;
        private final List<String> config = new ArrayList<>();
        private int port;
        private String password = "";

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

        /**
         * The password of the default user; none if it is not set. It becomes part of {@link #uri()}.
         *
         * @throws IllegalArgumentException if it is empty or has other characters than {@code A-Z a-z 0-9 _ -}
         */
        public Builder password(String value) {
            if (!value.matches("[A-Za-z0-9_-]+")) {
                throw new IllegalArgumentException(
                        "A password here is made of letters, digits, '_' and '-', so that it needs no quoting");
            }
            password = value;
            return this;
        }

        /**
         * One more line of {@code redis.conf}, such as {@code maxmemory 10mb}; it wins over the defaults.
         *
         * @throws IllegalArgumentException if the line sets the port or the password, which have methods of their own
         */
        public Builder config(String line) {
            String name = line.strip().toLowerCase(Locale.ROOT);
            if (name.startsWith("port ") || name.startsWith("requirepass ")) {
                throw new IllegalArgumentException("Set '" + name.substring(0, name.indexOf(' '))
                        + "' by port(...) or password(...), so that uri() knows it");
            }
            config.add(line);
            return this;
        }

        /** Starts the server and waits until it answers; usually 20 to 50 ms. */
        public RedisServer start() {
            return RedisServer.start(new RedisSettings(
                    RedisBinary.find(environment), RedisSettings.Kind.SERVER, port, password, config));
        }
    }
}
