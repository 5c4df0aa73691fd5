package dev.aside.spring.offload.web;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** A node in a process of its own, which can be killed; says its port and ends with its input. */
final class NodeMain {
    private NodeMain() {}

    /**
     * Runs the node until its input ends.
     *
     * @param args properties
     */
    public static void main(String[] args) throws IOException {
        PrintStream parent = System.out;
        System.setOut(System.err); // the log's place
        OffloadApp app = OffloadApp.start(List.of(Reports.class, RemoteReports.class), args);
        parent.println(app.port());
        System.in.transferTo(PrintStream.nullOutputStream());
        Runtime.getRuntime().halt(0);
    }
}
