package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
    private static final Path EXAMPLES = Path.of("src/test/java/dev/aside/testkit/examples");

    @Test
    void javaBlocks_all_standInAnExampleThatIsCompiledAndRun() throws IOException {
        String examples = flat(Files.readString(EXAMPLES.resolve("ShopIT.java")))
                + flat(Files.readString(EXAMPLES.resolve("TimeTest.java")));
        List<String> blocks = JAVA_BLOCK
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();

        assertThat(blocks).hasSize(4).allSatisfy(block -> assertThat(examples).contains(flat(block)));
    }

    private static String flat(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }
}
