package dev.aside.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@code redis-server} child process on a fixed port that can end and start again. Thread-safe: all under its own
 * monitor.
 */
final class RedisProcess {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 5;

    private final ServerDirectory directory = ServerDirectory.create("redis");
    private final RedisAddress address;
    private final List<String> command;
    private @Nullable GuardedProcess current;
    private boolean paused;

    private RedisProcess(RedisSettings settings) {
        address = settings.address();
        Path file = directory.file("redis.conf");
        command = settings.commandLine(file);
        try {
            Files.write(file, settings.configFile(directory.path()));
        } catch (IOException e) {
            throw new TestServerException("Cannot write " + file, e);
        }
    }

    /** Starts a server and waits until it answers. */
    static RedisProcess start(RedisSettings settings) {
        return start(settings, Ports::free);
    }

    static RedisProcess start(RedisSettings settings, IntSupplier freePorts) {
        for (int attempt = 1; ; attempt++) {
            RedisProcess process = new RedisProcess(settings.withPortFrom(freePorts));
            try {
                process.launch();
                return process;
            } catch (TestServerException e) {
                boolean another = settings.port() == 0 && attempt < ATTEMPTS && process.portTaken();
                process.directory.abandon();
                // Guards against race: another process takes the port that was free (RedisServerIT)
                if (!another) {
                    throw e;
                }
            }
        }
    }

    RedisAddress address() {
        return address;
    }

    synchronized long pid() {
        return current().pid();
    }

    synchronized boolean isRunning() {
        return current != null && current.isAlive();
    }

    /** Whether it runs and is not frozen. */
    synchronized boolean isUp() {
        return isRunning() && !paused;
    }

    synchronized String log() {
        return directory.logTail();
    }

    synchronized void launch() {
        GuardedProcess started = GuardedProcess.start("KILL", directory, "", command);
        current = started;
        paused = false;
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
        if (current != null) {
            current.end(signal, current.pid());
        }
    }

    synchronized void pause(boolean value) {
        String signal = value ? "STOP" : "CONT";
        if (!isRunning() || !GuardedProcess.signal(signal, pid())) {
            throw new TestServerException(
                    "Redis on port " + address.port() + " does not run, so it gets no SIG" + signal);
        }
        paused = value;
    }

    synchronized void close() {
        end("KILL");
        directory.delete();
    }

    /** Whether this process, and not another that was first on the port, answers and has loaded its data. */
    private boolean answers(long pid) {
        try (RedisConnection connection = RedisConnection.open(address, Duration.ofSeconds(1))) {
            String info = connection.command(List.of("INFO")).text();
            return RedisInfo.field(info, "process_id").equals(Long.toString(pid))
                    && !RedisInfo.field(info, "loading").equals("1");
        } catch (IOException | RedisCommandException e) {
            return false; // not yet: the caller's time limit and the log tell
        }
    }

    private TestServerException failure() {
        return portTaken()
                ? new TestServerException("Redis cannot start: port " + address.port()
                        + " of 127.0.0.1 is already taken. Leave the port out to get a free one.")
                : new TestServerException("Redis did not start (" + String.join(" ", command) + "). Its log ends:\n"
                        + directory.logTail());
    }

    private boolean portTaken() {
        return Ports.saysTaken(directory.logTail());
    }

    private GuardedProcess current() {
        if (current == null) {
            throw new IllegalStateException("never started");
        }
        return current;
    }
}
