package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page docs/spring-operations.md; that it names the meters there are is checked by {@link AsideOperationsIT}. */
class OperationsPageTest {
    static final Path PAGE = Path.of("../docs/spring-operations.md");
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @Test
    void javaBlocks_all_standInATest() throws IOException {
        String test =
                Files.readString(Path.of("src/test/java/dev/aside/spring/AsideMetricsAutoConfigurationTest.java"));
        List<String> blocks = JAVA_BLOCK
                .matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(blocks).hasSize(1).allSatisfy(block -> assertThat(test).contains(block));
    }
}
