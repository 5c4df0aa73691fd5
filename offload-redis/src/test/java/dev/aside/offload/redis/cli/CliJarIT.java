package dev.aside.offload.redis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aside.offload.redis.RedisJobAdmin;
import dev.aside.offload.redis.RedisJobStore;
import dev.aside.testkit.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The packaged jar in a process of its own. */
@Timeout(120)
class CliJarIT {
    private static final Path JAR = Path.of(System.getProperty("aside.cli.jar", "target/none.jar"));

    @TempDir
    private Path directory;

    @BeforeEach
    void needsTheJar() {
        assumeTrue(Files.exists(JAR), "built without the jar of the command line");
    }

    private record Ended(int code, String out, String err) {}

    private Ended run(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(args));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), read(out), read(err));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    @Test
    void jar_againstRealRedis_printsTheAnswerAndNothingElse() throws Exception {
        String namespace = "jar-" + ProcessHandle.current().pid();
        String uri = RedisServer.shared().uri();
        RedisJobStore.builder().uri(uri).namespace(namespace).build().close();
        Ended ended = run("--redis", uri, "--namespace", namespace, "jobs", "list", "--state", "dead");
        assertThat(ended).isEqualTo(new Ended(0, "no jobs" + System.lineSeparator(), ""));
    }

    @Test
    void jar_json_isJson() throws Exception {
        String namespace = "jar-json-" + ProcessHandle.current().pid();
        String uri = RedisServer.shared().uri();
        try (RedisJobStore store =
                        RedisJobStore.builder().uri(uri).namespace(namespace).build();
                RedisJobAdmin admin = store.admin()) {
            admin.pause("mail");
        }
        Ended ended = run("--redis", uri, "--namespace", namespace, "jobs", "counts", "--json");
        assertThat(ended.err()).isEmpty();
        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(ended.out())
                        .get(0)
                        .get("paused")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void jar_withoutRedis_saysSoInOneLine() throws Exception {
        Ended ended = run("--redis", "redis://localhost:1", "jobs", "counts");
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.err().lines()).hasSize(1);
        assertThat(ended.out()).isEmpty();
    }
}
