package dev.aside.offload.redis.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link NodeMain} in a process of its own, as its parent sees it. One thread. */
final class NodeProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final String name;
    private final Journal journal;
    private final Process process;
    private final PrintWriter orders;
    private final Thread listener;

    NodeProcess(String name, NodeOptions options, Journal journal) {
        this.name = name;
        this.journal = journal;
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                NodeMain.class.getName(),
                options.text());
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        listener = new Thread(this::listen, "crash-" + name);
        listener.setDaemon(true);
        listener.start();
    }

    private void listen() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                journal.line(name, line);
            }
        } catch (IOException e) {
            journal.line(name, "gone - 0 " + e.getClass().getSimpleName());
        }
    }

    /** Waits until it has connected. */
    NodeProcess awaitReady() {
        journal.await("ready of " + name, PATIENCE, event -> is(event, "ready", ""));
        return this;
    }

    /** Waits until it has done what it was asked to. */
    NodeProcess order(String line) {
        int before = journal.count(event -> is(event, "obeyed", line));
        orders.println(line);
        journal.awaitAll(
                "'" + line + "' of " + name, PATIENCE, Journal.atLeast(before + 1, e -> is(e, "obeyed", line)));
        return this;
    }

    /** Asks without waiting. */
    void orderOnly(String line) {
        orders.println(line);
    }

    private boolean is(Journal.Event event, String kind, String detail) {
        return event.node().equals(name)
                && event.kind().equals(kind)
                && event.detail().startsWith(detail);
    }

    /** SIGKILL; returns when it is gone and all that it has said is in the journal. */
    void kill() {
        process.toHandle().destroyForcibly(); // the handle leaves the pipe open: what was said can still be read
        awaitEnd();
    }

    /** SIGTERM: it closes in good order. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGSTOP or SIGCONT. */
    void freeze(boolean frozen) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + (frozen ? "STOP " : "CONT ") + process.pid())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " does not end");
            }
            listener.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
