package dev.aside.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code redis-server} child process on a fixed port that can end and start again. Thread-safe: all under its own
 * monitor.
 */
final class RedisProcess {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 5;

    /** What the program is to be, with the settings of every such server. */
    enum Kind {
        SERVER("""
                bind 127.0.0.1
                save ""
                appendonly no
                enable-debug-command local
                shutdown-timeout 0
                repl-diskless-sync-delay 0"""),
        SENTINEL("bind 127.0.0.1");

        private final String config;

        Kind(String config) {
            this.config = config;
        }
    }

    private final ServerDirectory directory = ServerDirectory.create("redis");
    private final List<String> command;
    private final int port;
    private @Nullable GuardedProcess current;

    private RedisProcess(Path binary, int port, Kind kind, List<String> config) {
        this.port = port;
        List<String> lines = new ArrayList<>(List.of("port " + port, "dir " + directory.path()));
        lines.add(kind.config);
        lines.addAll(config);
        Path file = directory.file("redis.conf");
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new TestServerException("Cannot write " + file, e);
        }
        command = kind == Kind.SERVER
                ? List.of(binary.toString(), file.toString())
                : List.of(binary.toString(), file.toString(), "--sentinel");
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param port 0 = a free one
     * @param config lines that win over the kind's
     */
    static RedisProcess start(Path binary, int port, Kind kind, List<String> config) {
        for (int attempt = 1; ; attempt++) {
            RedisProcess process = new RedisProcess(binary, Ports.orFree(port), kind, config);
            try {
                process.launch();
                return process;
            } catch (TestServerException e) {
                boolean another = port == 0 && attempt < ATTEMPTS && process.portTaken();
                process.close();
                if (!another) { // else somebody was faster on the port that was free
                    throw e;
                }
            }
        }
    }

    synchronized int port() {
        return port;
    }

    synchronized long pid() {
        return current().pid();
    }

    synchronized boolean isRunning() {
        return current != null && current.isAlive();
    }

    synchronized String log() {
        return directory.logTail();
    }

    synchronized void launch() {
        GuardedProcess started = GuardedProcess.start("KILL", directory, "", command);
        current = started;
        boolean[] ready = {false};
        Waiting.until(START_TIMEOUT, Duration.ofMillis(2), () -> {
            ready[0] = answers(started.pid());
            return ready[0] || !started.isAlive();
        });
        if (!ready[0]) {
            end("KILL");
            throw failure();
        }
    }

    synchronized void end(String signal) {
        if (current == null || !current.isAlive()) {
            return;
        }
        GuardedProcess.signal("CONT", current.pid()); // a paused process heeds nothing but SIGKILL
        GuardedProcess.signal(signal, current.pid());
        if (!current.awaitExit(END_TIMEOUT)) {
            GuardedProcess.signal("KILL", current.pid());
            current.awaitExit(END_TIMEOUT);
        }
    }

    synchronized void signal(String signal) {
        if (!isRunning() || !GuardedProcess.signal(signal, current().pid())) {
            throw new TestServerException("Redis on port " + port + " does not run: no SIG" + signal + " for it");
        }
    }

    synchronized void close() {
        end("KILL");
        directory.delete();
    }

    /** Whether the server on the port is this process: another one may have been there first. */
    private boolean answers(long pid) {
        try (RedisConnection connection = RedisConnection.open(RedisAddress.local(port), Duration.ofSeconds(1))) {
            String info = connection.command(List.of("INFO", "server")).text();
            return info.contains("process_id:" + pid + "\r\n");
        } catch (IOException | RedisCommandException e) {
            return false; // not yet: the caller's time limit and the log tell
        }
    }

    private TestServerException failure() {
        return portTaken()
                ? new TestServerException("Redis cannot start: port " + port
                        + " of 127.0.0.1 is already taken. Leave the port out to get a free one.")
                : new TestServerException("Redis did not start (" + String.join(" ", command) + "). Its log ends:\n"
                        + directory.logTail());
    }

    private boolean portTaken() {
        return directory.logTail().contains("Address already in use");
    }

    private GuardedProcess current() {
        if (current == null) {
            throw new IllegalStateException("never started");
        }
        return current;
    }
}
