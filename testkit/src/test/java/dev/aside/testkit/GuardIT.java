package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nothing is left when a JVM ends, whatever the way. */
@Execution(ExecutionMode.CONCURRENT)
class GuardIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    private record Server(long pid, Path directory) {
        boolean isAlive() {
            return ProcessHandle.of(pid).isPresent();
        }
    }

    @Test
    void jvm_killed_serversAreGoneAndSoAreTheirFiles() throws Exception {
        Process jvm = start("wait");
        List<Server> servers = read(jvm);
        assertThat(servers).hasSize(4);
        assertThat(servers.subList(0, 3)).allMatch(Server::isAlive);

        jvm.destroyForcibly(); // SIGKILL

        assertThat(jvm.waitFor()).isEqualTo(128 + 9);
        Awaitility.await().atMost(SOON).until(() -> servers.stream().noneMatch(Server::isAlive));
        Awaitility.await()
                .atMost(SOON)
                .until(() -> servers.subList(0, 3).stream().noneMatch(server -> Files.exists(server.directory)));
        ServerDirectory.deleteTree(servers.get(3).directory); // stopped before the kill: nobody is left to do it
    }

    @Test
    void jvm_endsWithoutClosing_serversAreGoneAndSoAreTheirFiles() throws Exception {
        Process jvm = start("end");
        List<Server> servers = read(jvm);
        assertThat(servers).hasSize(4);

        assertThat(jvm.waitFor()).isZero();

        Awaitility.await().atMost(SOON).until(() -> servers.stream().noneMatch(Server::isAlive));
        Awaitility.await()
                .atMost(SOON)
                .until(() -> servers.stream().noneMatch(server -> Files.exists(server.directory)));
    }

    @Test
    void jvm_interruptedFromTheKeyboard_serversServeItsShutdownHooksThenEnd() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "only where a process can lead a group of its own");
        boolean heard = new ProcessBuilder("sh", "-c", "kill -INT $$").start().waitFor() != 0;
        assumeTrue(heard, "not in a job that a shell runs in the background: its children never hear SIGINT");
        Process jvm = start(List.of("setsid"), "use-in-shutdown-hook");
        Server redis = read(jvm).get(0);

        // as a terminal does on Ctrl-C: to the whole process group, which setsid made the JVM the leader of
        new ProcessBuilder("sh", "-c", "kill -INT -" + jvm.pid()).start().waitFor();

        assertThat(new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("PONG\n");
        assertThat(jvm.waitFor()).isEqualTo(128 + 2);
        Awaitility.await().atMost(SOON).until(() -> !redis.isAlive() && !Files.exists(redis.directory));
    }

    private static Process start(String argument) throws IOException {
        return start(List.of(), argument);
    }

    private static Process start(List<String> prefix, String argument) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:TieredStopAtLevel=1",
                AbandonedServers.class.getName(),
                argument));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The servers that the JVM named before it said that it is ready. */
    private static List<Server> read(Process jvm) throws IOException {
        List<Server> servers = new ArrayList<>();
        for (String line = readLine(jvm); !line.equals("ready"); line = readLine(jvm)) {
            int space = line.indexOf(' ');
            servers.add(new Server(Long.parseLong(line.substring(0, space)), Path.of(line.substring(space + 1))));
        }
        return servers;
    }

    /** Byte by byte, so that the rest stays in the stream. */
    private static String readLine(Process jvm) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = jvm.getInputStream().read();
                c != '\n';
                c = jvm.getInputStream().read()) {
            if (c < 0) {
                throw new EOFException("the JVM ended after: " + line);
            }
            line.append((char) c);
        }
        return line.toString();
    }
}
