package dev.aside.offload.redis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/jobs-redis.md says what is so. */
class JobsRedisPageTest {
    static final Path PAGE = Path.of("../docs/jobs-redis.md");

    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @Test
    void javaBlocks_all_standInAnExampleThatIsCompiledAndRun() throws IOException {
        String example =
                flat(Files.readString(Path.of("src/test/java/dev/aside/offload/redis/cli/JobsRedisPageIT.java")));
        List<String> blocks = JAVA_BLOCK
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).hasSize(3).allSatisfy(block -> assertThat(example).contains(flat(block)));
    }

    private static String flat(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }
}
