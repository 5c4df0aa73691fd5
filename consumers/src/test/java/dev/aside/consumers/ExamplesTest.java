package dev.aside.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What README and docs show as Java stands literally in a source that is compiled and run. */
class ExamplesTest {
    private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Path ROOT = Path.of("..");

    @TestFactory
    Stream<DynamicTest> javaBlock_inDocs_standsInACompiledExample() throws IOException {
        List<String> sources =
                javaFiles().map(ExamplesTest::read).map(ExamplesTest::plain).toList();
        List<Path> pages =
                Stream.concat(Stream.of(ROOT.resolve("README.md")), pages()).toList();
        assertThat(pages).hasSizeGreaterThan(1);
        return pages.stream()
                .flatMap(page -> BLOCK.matcher(read(page))
                        .results()
                        .map(block -> DynamicTest.dynamicTest(
                                page.getFileName() + ": "
                                        + block.group(1).lines().findFirst().orElse(""),
                                () -> assertThat(sources)
                                        .as("a compiled source that holds\n%s", block.group(1))
                                        .anyMatch(source -> source.contains(plain(block.group(1)))))));
    }

    private static Stream<Path> pages() throws IOException {
        try (Stream<Path> all = Files.list(ROOT.resolve("docs"))) {
            return all.filter(page -> page.toString().endsWith(".md")).toList().stream();
        }
    }

    /** Sources of the consumers, and tests and examples of the modules: all of them are compiled by this build. */
    private static Stream<Path> javaFiles() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("target"))
                    .filter(file -> file.toString().contains("src/it")
                            || file.toString().contains("src/test")
                            || file.toString().contains("demo/src/main"))
                    .toList()
                    .stream();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Without indentation and empty lines, which a page may choose for itself. */
    private static String plain(String text) {
        return String.join(
                "\n",
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
    }
}
