package dev.aside.spring.offload.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link NodeMain} in a process of its own, as its parent sees it. */
final class NodeProcess extends WebNode {
    private final Process process;

    private NodeProcess(Process process) {
        super(port(process));
        this.process = process;
    }

    /** Starts all of them at once; returns when they can be asked. */
    static List<NodeProcess> start(int number, String... properties) {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            processes.add(launch(properties));
        }
        return processes.stream().map(NodeProcess::new).toList();
    }

    private static Process launch(String... properties) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                NodeMain.class.getName()));
        command.addAll(List.of(properties));
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int port(Process process) {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        try {
            String line = said.readLine();
            if (line == null) {
                throw new IllegalStateException("a node did not start");
            }
            return Integer.parseInt(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL; returns when it is gone. */
    @Override
    public void close() {
        try {
            if (!process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a node does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
