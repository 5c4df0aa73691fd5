package dev.aside.offload.redis.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Runs the command line in this process and keeps what it prints. */
final class Terminal {
    /** What one command printed. */
    record Printed(int code, String out, String err) {}

    private final @Nullable String redis;

    Terminal(@Nullable String redis) {
        this.redis = redis;
    }

    Printed run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new JobsMain(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        redis)
                .run(args);
        return new Printed(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
