package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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

    private Process start(String argument) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-XX:TieredStopAtLevel=1",
                        AbandonedServers.class.getName(),
                        argument)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The servers that the JVM named before it said that it is ready. */
    private static List<Server> read(Process jvm) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
        List<Server> servers = new ArrayList<>();
        for (String line = out.readLine(); line != null && !line.equals("ready"); line = out.readLine()) {
            int space = line.indexOf(' ');
            servers.add(new Server(Long.parseLong(line.substring(0, space)), Path.of(line.substring(space + 1))));
        }
        return servers;
    }
}
