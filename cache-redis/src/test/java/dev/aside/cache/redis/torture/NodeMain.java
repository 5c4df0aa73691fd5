package dev.aside.cache.redis.torture;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A node in a process of its own, which can be killed and frozen. Reports everything as lines on standard output, and
 * obeys lines on standard input; ends with its input.
 */
final class NodeMain {
    private NodeMain() {}

    /**
     * Runs the node until its input ends.
     *
     * @param args number, Redis URI, port of the store, seed
     */
    public static void main(String[] args) throws Exception {
        PrintStream out =
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int number = Integer.parseInt(args[0]);
        TortureNode node =
                new TortureNode(number, args[1], new StoreServer.Client(Integer.parseInt(args[2])), new Lines(out));
        Traffic traffic = new Traffic(node, List.of(Kind.SHORT, Kind.AHEAD, Kind.REVALIDATED), Long.parseLong(args[3]));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "time" -> out.println("ok " + System.nanoTime());
                case "writes" -> {
                    traffic.writes(words[1].equals("on"));
                    out.println("ok " + words[1]);
                }
                case "read" -> out.println("ok " + node.read(words[1]));
                case "pending" -> out.println("ok " + node.tier.pendingInvalidations());
                default -> throw new IllegalArgumentException(line);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    /** What happens, as lines. */
    private record Lines(PrintStream out) implements Recorder {
        @Override
        public void read(Read read) {
            out.println("read " + read.node() + ' ' + read.key() + ' ' + read.start() + ' ' + read.end() + ' '
                    + read.version());
        }

        @Override
        public void invalidated(Invalidated done) {
            out.println("invalidated " + done.node() + ' ' + done.key() + ' ' + done.version() + ' ' + done.start()
                    + ' ' + done.end() + ' ' + done.pending());
        }

        @Override
        public void unexpected(Oracle oracle, String what) {
            out.println("unexpected " + oracle + ' ' + what.replace('\n', ' '));
        }
    }

    /** Takes a line down; false if it is none of these. */
    static boolean record(String line, Recorder recorder) {
        String[] w = line.split(" ", -1);
        switch (w[0]) {
            case "read" ->
                recorder.read(new Recorder.Read(
                        Integer.parseInt(w[1]),
                        w[2],
                        Long.parseLong(w[3]),
                        Long.parseLong(w[4]),
                        Long.parseLong(w[5])));
            case "invalidated" ->
                recorder.invalidated(new Recorder.Invalidated(
                        Integer.parseInt(w[1]),
                        w[2],
                        Long.parseLong(w[3]),
                        Long.parseLong(w[4]),
                        Long.parseLong(w[5]),
                        Boolean.parseBoolean(w[6])));
            case "unexpected" -> recorder.unexpected(Oracle.valueOf(w[1]), line);
            default -> {
                return false;
            }
        }
        return true;
    }
}
