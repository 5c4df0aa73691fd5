package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.shop.WrongBeans;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Every entry of {@code misconfigurations.md} is an application that does not start, and what is said about it. */
class MisconfigurationTest {
    private static final Pattern BLOCK = Pattern.compile("```(?:yaml|text)\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SETUP = Pattern.compile("^(Beans|Missing): (.*)$", Pattern.MULTILINE);

    /** An entry of the catalogue. */
    record Entry(String title, String setup, String yaml, String report) {
        static Entry parse(String section) {
            String[] blocks = BLOCK.matcher(section)
                    .results()
                    .map(block -> block.group(1))
                    .toArray(String[]::new);
            assertThat(blocks).as("blocks of %s", section).hasSize(2);
            String title = section.substring(0, section.indexOf('\n'));
            return new Entry(title, section.substring(0, section.indexOf("```")), blocks[0], blocks[1]);
        }

        ApplicationContextRunner application() {
            ApplicationContextRunner boot = FailedStart.withYaml(FailedStart.BOOT, yaml);
            for (MatchResult line : SETUP.matcher(setup).results().toList()) {
                boot = line.group(1).equals("Beans")
                        ? boot.withUserConfiguration(beans(line.group(2)))
                        : boot.withClassLoader(new FilteredClassLoader(line.group(2)));
            }
            return boot;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Entry> catalogue() throws IOException {
        try (InputStream file = MisconfigurationTest.class.getResourceAsStream("/misconfigurations.md")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\n## ", -1)).skip(1).map(Entry::parse);
        }
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void start_misconfigured_isExplained(Entry entry) {
        assertThat(FailedStart.report(entry.application())).isEqualTo(entry.report());
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void start_misconfigured_keepsPasswordsToItself(Entry entry) {
        assertThat(entry.report()).doesNotContain("s3cret");
        entry.application()
                .run(context ->
                        assertThat(stackTrace(context.getStartupFailure())).doesNotContain("s3cret"));
    }

    @Test
    void catalogue_asAWhole_hasNoEntryTwice() throws IOException {
        assertThat(catalogue().map(Entry::title)).hasSizeGreaterThan(18).doesNotHaveDuplicates();
    }

    private static Class<?> beans(String name) {
        return Arrays.stream(WrongBeans.class.getDeclaredClasses())
                .filter(type -> type.getSimpleName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
