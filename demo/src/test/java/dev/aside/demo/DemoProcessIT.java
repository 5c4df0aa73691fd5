package dev.aside.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process, as {@code mvn -Pdemo} runs it. */
class DemoProcessIT {
    @TempDir
    Path directory;

    @Test
    void demo_interrupted_leavesNoProcessBehind() throws IOException, InterruptedException {
        boolean heard = new ProcessBuilder("sh", "-c", "kill -INT $$").start().waitFor() != 0;
        assumeTrue(heard, "not in a job that a shell runs in the background: its children never hear SIGINT");
        Process demo = run("--ports=0,0", "--lines=1000");
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !demo.isAlive() || output().contains("The shop is open: "));
            List<ProcessHandle> all = demo.descendants().toList();
            assertThat(all).as(output()).hasSizeGreaterThan(2);
            new ProcessBuilder("kill", "-INT", Long.toString(demo.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
            await().atMost(Duration.ofSeconds(10)).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            demo.destroyForcibly();
        }
    }

    @Test
    void demo_unreadableFile_endsWithOneLine() throws IOException, InterruptedException {
        Process demo = run("--data=/no/such/file.csv.xz");
        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isEqualTo(1);
        assertThat(output()).isEqualTo("demo: cannot read data file /no/such/file.csv.xz: there is no such file\n");
    }

    @Test
    void demo_databaseAway_endsWithOneLine() throws IOException, InterruptedException {
        Process demo = run(
                "--ports=0", "--lines=1000", "--postgres=jdbc:postgresql://127.0.0.1:1/shop?user=u&password=secret");
        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isEqualTo(1);
        assertThat(output().lines().filter(line -> line.startsWith("demo: ")))
                .singleElement()
                .asString()
                .startsWith("demo: PostgreSQL cannot be used: Connection to 127.0.0.1:1 refused.");
        assertThat(output()).doesNotContain("secret", "\tat ");
    }

    private Process run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
