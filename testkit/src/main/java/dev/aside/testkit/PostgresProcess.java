package dev.aside.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/** A {@code postgres} child process with a fresh data directory. Thread-safe: fixed once started. */
final class PostgresProcess {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 5;
    private static final String PID_FILE = "data/postmaster.pid";
    private static final int STATUS_LINE = 7;

    /* Tests want speed; nobody wants their data after a crash. */
    private static final List<String> DEFAULTS =
            List.of("unix_socket_directories=", "fsync=off", "synchronous_commit=off", "full_page_writes=off");

    private final GuardedProcess process;
    private final long pid; // not the process's own where a tool stands between it and the guard
    private final int port;

    private PostgresProcess(GuardedProcess process, long pid, int port) {
        this.process = process;
        this.pid = pid;
        this.port = port;
    }

    /**
     * Makes a data directory, starts a server on it and waits until that is ready.
     *
     * @param port 0 = a free one
     */
    static PostgresProcess start(PostgresBinaries binaries, UserSwitch user, int port, List<String> settings) {
        return start(binaries, user, port, settings, Ports::free);
    }

    static PostgresProcess start(
            PostgresBinaries binaries, UserSwitch user, int port, List<String> settings, IntSupplier freePorts) {
        if (port != 0 && !Ports.isFree(port)) {
            throw taken(port); // found out before the second that initdb takes
        }
        ServerDirectory directory = ServerDirectory.create("postgres");
        try {
            initialise(binaries, user, directory);
            for (int attempt = 1; ; attempt++) {
                int chosen = port == 0 ? freePorts.getAsInt() : port;
                GuardedProcess process = GuardedProcess.start(
                        "QUIT", directory, PID_FILE, user.command(command(binaries, directory, chosen, settings)));
                if (awaitReady(process)) {
                    return new PostgresProcess(process, Long.parseLong(status(directory, 0)), chosen);
                }
                // Guards against race: another process takes the port that was free (PostgresServerIT)
                if (port != 0 || attempt == ATTEMPTS || !portTaken(directory)) {
                    throw failure(directory, chosen);
                }
            }
        } catch (TestServerException e) {
            directory.abandon();
            throw e;
        }
    }

    long pid() {
        return pid;
    }

    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    /** Ends it as the guard would: its clients are thrown out, nothing is written that nobody will read. */
    void close() {
        process.end("QUIT", pid);
        process.directory().delete();
    }

    private static void initialise(PostgresBinaries binaries, UserSwitch user, ServerDirectory directory) {
        Path data = directory.file("data");
        try {
            Files.createDirectory(
                    data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            user.handOver(data);
        } catch (IOException e) {
            throw new TestServerException("Cannot prepare the data directory " + data, e);
        }
        GuardedProcess initdb = GuardedProcess.start(
                "KILL",
                directory,
                "",
                user.command(List.of(
                        binaries.initdb().toString(),
                        "--pgdata=" + data,
                        "--auth=trust",
                        "--username=postgres",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync",
                        "--no-instructions")));
        if (!initdb.awaitExit(TIMEOUT) || initdb.exitStatus() != 0) {
            throw new TestServerException("initdb failed in " + directory.path() + " with the programs of "
                    + binaries.home() + " (if some are missing there, delete it). It said:\n" + directory.logTail());
        }
    }

    private static List<String> command(
            PostgresBinaries binaries, ServerDirectory directory, int port, List<String> settings) {
        List<String> command = new ArrayList<>(List.of(
                binaries.postgres().toString(), "-D", directory.file("data").toString()));
        command.addAll(List.of("-h", "127.0.0.1", "-p", Integer.toString(port)));
        for (List<String> lines : List.of(DEFAULTS, settings)) {
            lines.forEach(line -> command.addAll(List.of("-c", line)));
        }
        return command;
    }

    /** PostgreSQL says in its pid file that it is ready; a connection could reach another server on the port. */
    private static boolean awaitReady(GuardedProcess process) {
        Waiting.until(TIMEOUT, Duration.ofMillis(5), () -> isReady(process) || !process.isAlive());
        return process.isAlive() && isReady(process);
    }

    private static boolean isReady(GuardedProcess process) {
        return status(process.directory(), STATUS_LINE).equals("ready");
    }

    private static String status(ServerDirectory directory, int line) {
        try {
            List<String> lines = Files.readAllLines(directory.file(PID_FILE));
            return line < lines.size() ? lines.get(line).strip() : "";
        } catch (IOException e) {
            return ""; // not written yet
        }
    }

    private static boolean portTaken(ServerDirectory directory) {
        return Ports.saysTaken(directory.logTail());
    }

    private static TestServerException failure(ServerDirectory directory, int port) {
        return portTaken(directory)
                ? taken(port)
                : new TestServerException("PostgreSQL did not start. Its log ends:\n" + directory.logTail());
    }

    private static TestServerException taken(int port) {
        return new TestServerException("PostgreSQL cannot start: port " + port
                + " of 127.0.0.1 is already taken. Leave the port out to get a free one.");
    }
}
