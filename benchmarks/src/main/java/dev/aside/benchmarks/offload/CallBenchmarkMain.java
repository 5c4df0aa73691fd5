package dev.aside.benchmarks.offload;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link CallBenchmark} with 1, 8 and 200 callers. */
public final class CallBenchmarkMain {
    private CallBenchmarkMain() {}

    /** Runs and prints. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] args) throws Exception {
        for (int callers : new int[] {1, 8, 200}) {
            System.out.println("callers: " + callers);
            new Runner(new OptionsBuilder()
                            .include(CallBenchmark.class.getSimpleName())
                            .threads(callers)
                            .build())
                    .run();
        }
    }
}
