package dev.aside.offload.redis.crash;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A node in a process of its own, which can be killed and frozen. Every line that it takes down is one write to standard
 * output, so what was said before a kill is known; obeys lines on standard input, and ends with it. At SIGTERM it closes
 * in good order.
 */
final class NodeMain {
    private NodeMain() {}

    /**
     * Runs the node until its input ends.
     *
     * @param args its options
     */
    public static void main(String[] args) throws IOException {
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        Recorder recorder = line -> write(out, line);
        Node node = new Node(NodeOptions.parse(args[0]), recorder);
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "node-close"));
        recorder.event("ready", Recorder.NOBODY, 0, ProcessHandle.current().pid());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            obey(node, line.split(" ", -1));
            recorder.event("obeyed", Recorder.NOBODY, 0, line);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void obey(Node node, String[] words) {
        switch (words[0]) {
            case "start" -> node.start();
            case "arm" -> node.arm(Step.valueOf(words[1]));
            case "go" -> node.go();
            case "submit" -> {
                for (int i = 0; i < Integer.parseInt(words[1]); i++) {
                    node.enqueue(Work.taking(1));
                }
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static synchronized void write(FileOutputStream out, String line) {
        try {
            out.write((line.replace('\n', ' ') + '\n').getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
