package dev.aside.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server process that ends with the JVM, however the JVM ends.
 *
 * <p>The server is the child of a small shell, the guard ({@code guard.sh}), which holds the reading end of a pipe from
 * the JVM. The guard ends when the server does, so waiting for the guard is waiting for the server. Thread-safe: no
 * state but the process.
 */
final class GuardedProcess {
    private static final String GUARD = "guard.sh";
    private static final String SCRIPT = readScript();

    private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

    private final Process guard;
    private final long pid;
    private final ServerDirectory directory;

    private GuardedProcess(Process guard, long pid, ServerDirectory directory) {
        this.guard = guard;
        this.pid = pid;
        this.directory = directory;
    }

    /**
     * Starts a command; its output goes to the file {@code log} of the directory.
     *
     * @param endSignal what ends the server when the JVM is gone: {@code KILL}, or a gentler one
     * @param pidFile name of a file in the directory whose first line is the pid, or empty: the child itself
     */
    static GuardedProcess start(String endSignal, ServerDirectory directory, String pidFile, List<String> command) {
        String pidPath = pidFile.isEmpty() ? "" : directory.file(pidFile).toString();
        Path script = directory.file(GUARD);
        List<String> line = new ArrayList<>(List.of("sh", script.toString()));
        line.addAll(List.of(endSignal, directory.path().toString(), pidPath));
        line.addAll(command);
        try {
            Files.writeString(script, SCRIPT);
            Process guard = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            directory.file("log").toFile()))
                    .start();
            directory.usedBy(guard);
            return new GuardedProcess(guard, readPid(guard, command), directory);
        } catch (IOException e) {
            throw new TestServerException("Cannot start " + command.get(0) + " under a guard (needs 'sh').", e);
        }
    }

    /** The pid of the started command. */
    long pid() {
        return pid;
    }

    boolean isAlive() {
        return guard.isAlive();
    }

    ServerDirectory directory() {
        return directory;
    }

    /** Sends a signal such as {@code STOP} or {@code TERM}; false if there is no such process. */
    static boolean signal(String signal, long pid) {
        try {
            return new ProcessBuilder("sh", "-c", "kill -\"$1\" \"$2\"", "sh", signal, Long.toString(pid))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new TestServerException("Cannot send SIG" + signal + " to process " + pid + " (needs 'sh').", e);
        } catch (InterruptedException e) {
            throw interrupted("sending SIG" + signal, e);
        }
    }

    /**
     * Ends the server by a signal, or by {@code KILL} if that does not help, and waits until it is gone and reaped.
     *
     * @param server pid of the server, where that is not the started command itself
     */
    void end(String signal, long server) {
        if (!isAlive()) {
            return;
        }
        if (!signal.equals("KILL")) {
            signal("CONT", server); // a frozen process heeds nothing but KILL
        }
        signal(signal, server);
        if (!awaitExit(END_TIMEOUT)) {
            signal("KILL", server);
            awaitExit(END_TIMEOUT);
        }
    }

    /** Waits until the server is gone and reaped; false if it is still there after the timeout. */
    boolean awaitExit(Duration timeout) {
        try {
            return guard.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw interrupted("waiting for process " + pid + " to end", e);
        }
    }

    /** The exit status of a command that has ended. */
    int exitStatus() {
        return guard.exitValue();
    }

    static TestServerException interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new TestServerException("Interrupted while " + what, e);
    }

    private static long readPid(Process guard, List<String> command) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.US_ASCII));
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("the guard of " + command.get(0) + " said nothing");
        }
        return Long.parseLong(line.strip());
    }

    private static String readScript() {
        try (InputStream in = GuardedProcess.class.getResourceAsStream(GUARD)) {
            if (in == null) {
                throw new IllegalStateException(GUARD + " is missing beside " + GuardedProcess.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(GUARD + " cannot be read", e);
        }
    }
}
