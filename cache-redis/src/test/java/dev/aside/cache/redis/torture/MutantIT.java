package dev.aside.cache.redis.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.redis.torture.Mutant.Edit;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each guard is for: with it every scenario is green, without it the one that it was made for is red. Scenarios wait
 * more than they work, so several run at a time.
 */
class MutantIT {
    private static final int AT_A_TIME = 4;

    /** A machine that stops for a moment can let a mutant get away. */
    private static final int ATTEMPTS = 3;

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(AT_A_TIME);

    @TempDir
    static Path directory;

    /** A race that must be won, or lost. */
    private interface Run {
        void go() throws Throwable;
    }

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    @TestFactory
    Stream<DynamicTest> scenarios_onTheCodeAsItIs_areGreen() {
        Map<String, Run> runs = new LinkedHashMap<>();
        for (String scenario : scenarios()) {
            runs.put(scenario, () -> Mutation.run(List.of(), scenario, fresh()));
        }
        return tests(runs);
    }

    @TestFactory
    Stream<DynamicTest> mutants_areKilledByTheirOracle() {
        Map<String, Run> runs = new LinkedHashMap<>();
        for (Mutant mutant : Mutants.all()) {
            runs.put(mutant.toString(), () -> kill(mutant));
            if (!mutant.masks().isEmpty()) {
                runs.put("control of " + mutant.guard(), () -> Mutation.run(mutant.masks(), mutant.killer(), fresh()));
            }
        }
        return tests(runs);
    }

    private static void kill(Mutant mutant) throws Throwable {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            OracleViolation seen = seen(mutant.all(), mutant.killer());
            if (seen != null) {
                assertThat(seen.oracle()).as(seen.getMessage()).isEqualTo(mutant.oracle());
                return;
            }
        }
        throw new AssertionError(
                "the mutant survives: without '" + mutant.guard() + "' nothing goes red in " + mutant.killer());
    }

    private static OracleViolation seen(List<Edit> edits, String scenario) throws Throwable {
        try {
            Mutation.run(edits, scenario, fresh());
            return null;
        } catch (OracleViolation e) {
            return e;
        }
    }

    /** All run from the start on; each test waits for its own. */
    private static Stream<DynamicTest> tests(Map<String, Run> runs) {
        List<DynamicTest> tests = new ArrayList<>();
        runs.forEach((name, run) -> {
            CompletableFuture<Throwable> outcome = CompletableFuture.supplyAsync(() -> failure(run), THREADS);
            tests.add(DynamicTest.dynamicTest(name, () -> {
                Throwable failure = outcome.get();
                if (failure != null) {
                    throw failure;
                }
            }));
        });
        return tests.stream();
    }

    private static Throwable failure(Run run) {
        try {
            run.go();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    private static List<String> scenarios() {
        return Stream.of(LocalRaces.class, LogRaces.class, WriterRaces.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Scenario.class))
                        .map(Method::getName)
                        .sorted()
                        .map(name -> type.getSimpleName() + '.' + name))
                .toList();
    }

    private static Path fresh() throws java.io.IOException {
        return Files.createTempDirectory(directory, "mutant");
    }
}
