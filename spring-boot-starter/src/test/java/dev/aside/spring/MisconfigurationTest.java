package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.shop.WrongBeans;
import dev.aside.shop.WrongEndpoints;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Every entry of {@code misconfigurations.md} is an application that does not start, and what is said about it. */
class MisconfigurationTest {
    private static final Pattern BLOCK = Pattern.compile("```(?:yaml|text)\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SETUP = Pattern.compile("^(Beans|Missing|Web): (.*)$", Pattern.MULTILINE);

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

        String actualReport() {
            return with(FailedStart::report, FailedStart::report, FailedStart::report);
        }

        Throwable failure() {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            ContextConsumer<ApplicationContext> keep =
                    context -> failure.set(((ApplicationContextAssertProvider<?>) context).getStartupFailure());
            with(boot -> boot.run(keep), boot -> boot.run(keep), boot -> boot.run(keep));
            return failure.get();
        }

        private <T> T with(
                Function<ApplicationContextRunner, T> plain,
                Function<WebApplicationContextRunner, T> servlet,
                Function<ReactiveWebApplicationContextRunner, T> reactive) {
            Map<String, String> lines = SETUP.matcher(setup)
                    .results()
                    .collect(Collectors.toMap(line -> line.group(1), line -> line.group(2)));
            return switch (lines.getOrDefault("Web", "")) {
                case "servlet" -> servlet.apply(application(FailedStart.SERVLET, lines));
                case "reactive" -> reactive.apply(application(FailedStart.REACTIVE, lines));
                case "none" -> plain.apply(application(FailedStart.CALLS, lines));
                default -> plain.apply(application(FailedStart.BOOT, lines));
            };
        }

        private <
                        S extends AbstractApplicationContextRunner<S, C, A>,
                        C extends ConfigurableApplicationContext,
                        A extends ApplicationContextAssertProvider<C>>
                S application(S from, Map<String, String> lines) {
            S boot = FailedStart.withYaml(from, yaml);
            String beans = lines.get("Beans");
            if (beans != null) {
                boot = boot.withUserConfiguration(beans(beans));
            }
            String missing = lines.get("Missing");
            return missing == null ? boot : boot.withClassLoader(new FilteredClassLoader(missing));
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
        assertThat(entry.actualReport()).isEqualTo(entry.report());
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void start_misconfigured_keepsPasswordsToItself(Entry entry) {
        assertThat(entry.report()).doesNotContain("s3cret");
        assertThat(stackTrace(entry.failure())).doesNotContain("s3cret");
    }

    @Test
    void catalogue_asAWhole_hasNoEntryTwice() throws IOException {
        assertThat(catalogue().map(Entry::title)).hasSizeGreaterThan(60).doesNotHaveDuplicates();
    }

    private static Class<?> beans(String name) {
        return Stream.of(WrongBeans.class, WrongEndpoints.class)
                .flatMap(holder -> Arrays.stream(holder.getDeclaredClasses()))
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
