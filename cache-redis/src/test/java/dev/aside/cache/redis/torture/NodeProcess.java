package dev.aside.cache.redis.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link NodeMain} in a process of its own, as its parent sees it. One thread. */
final class NodeProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final PrintWriter orders;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    NodeProcess(int number, String uri, int storePort, long seed, Recorder recorder) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                NodeMain.class.getName(),
                Integer.toString(number),
                uri,
                Integer.toString(storePort),
                Long.toString(seed));
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread thread = new Thread(() -> listen(recorder), "torture-node-" + number);
        thread.setDaemon(true);
        thread.start();
        checkTime();
    }

    private void listen(Recorder recorder) {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!NodeMain.record(line, recorder)) {
                    answers.add(line);
                }
            }
        } catch (IOException | RuntimeException e) {
            answers.add("the process is gone: " + e); // killed in the middle of a line
        }
    }

    /** On Linux and macOS {@code System.nanoTime} is the machine's monotonic clock, the same for all processes. */
    private void checkTime() {
        long before = System.nanoTime();
        long there = Long.parseLong(ask("time"));
        long after = System.nanoTime();
        if (there - before < 0 || after - there < 0) {
            throw new IllegalStateException("System.nanoTime of processes cannot be compared here");
        }
    }

    private String ask(String order) {
        orders.println(order);
        try {
            String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (answer == null || !answer.startsWith("ok ")) {
                throw new IllegalStateException("the node said " + answer + " to " + order);
            }
            return answer.substring(3);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void writes(boolean allowed) {
        ask("writes " + (allowed ? "on" : "off"));
    }

    long read(String key) {
        return Long.parseLong(ask("read " + key));
    }

    int pending() {
        return Integer.parseInt(ask("pending"));
    }

    void freeze(boolean frozen) {
        signal(frozen ? "STOP" : "CONT");
    }

    void kill() {
        signal("KILL");
        close();
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name + ' ' + process.pid())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
