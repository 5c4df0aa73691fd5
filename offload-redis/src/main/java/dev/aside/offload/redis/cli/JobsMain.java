package dev.aside.offload.redis.cli;

import dev.aside.offload.JobStoreException;
import dev.aside.offload.redis.RedisJobAdmin;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/**
 * The command line over {@link RedisJobAdmin}; {@code --help} says what it can. Exit codes: 0 done, 1 not found or
 * refused, 2 wrong usage, 3 Redis cannot be reached.
 */
public final class JobsMain {
    private static final int DONE = 0;
    private static final int REFUSED = 1;
    private static final int USAGE = 2;
    private static final int UNREACHABLE = 3;

    private final PrintStream out;
    private final PrintStream err;
    private final @Nullable String redis;

    /** @param redis where Redis is unless the command line says so */
    JobsMain(PrintStream out, PrintStream err, @Nullable String redis) {
        this.out = out;
        this.err = err;
        this.redis = redis;
    }

    /** Runs one command and exits. */
    public static void main(String[] args) {
        LogManager.getLogManager().reset(); // errors are said once, in one sentence
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, false, StandardCharsets.UTF_8);
        int code = new JobsMain(out, err, System.getenv("ASIDE_REDIS")).run(args);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** Runs one command; its exit code. */
    int run(String... args) {
        try {
            Arguments arguments = Arguments.of(args);
            if (arguments.has("help")) {
                out.print(usage());
                return DONE;
            }
            if (args.length == 0) {
                err.print(usage());
                return USAGE;
            }
            Verb verb = Verb.of(arguments);
            Commands.check(verb, arguments);
            try (RedisJobAdmin admin = connect(arguments)) {
                print(new Commands(admin, arguments).run(verb), arguments.has("json"));
            }
            return DONE;
        } catch (UsageException e) {
            return failed(USAGE, e.getMessage());
        } catch (RefusedException | NoSuchElementException e) {
            return failed(REFUSED, e.getMessage());
        } catch (JobStoreException e) {
            return failed(UNREACHABLE, withCause(e));
        }
    }

    private RedisJobAdmin connect(Arguments arguments) {
        String uri = arguments.has("redis") ? arguments.text("redis") : redis;
        if (uri == null) {
            throw new UsageException(
                    "where Redis is, is not said. Hint: --redis redis://localhost:6379, or the variable"
                            + " ASIDE_REDIS.");
        }
        try {
            return RedisJobAdmin.connect(uri, arguments.text("namespace", "aside"));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private void print(Reply reply, boolean json) {
        if (json) {
            out.println(reply.json().toPrettyString());
        } else {
            reply.lines().forEach(out::println);
        }
        if (!reply.note().isEmpty()) {
            err.println(reply.note());
        }
    }

    private int failed(int code, @Nullable String message) {
        err.println("error: " + message);
        return code;
    }

    /** With what Redis or the network said, which the sentence of the store leaves to its cause. */
    private static String withCause(JobStoreException failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String message = String.valueOf(failure.getMessage());
        if (last == failure || last.getMessage() == null) {
            return message;
        }
        int hint = message.indexOf(". Hint: ");
        int end = hint < 0 ? message.length() : hint;
        return message.substring(0, end) + " (" + Texts.printable(last.getMessage()) + ')' + message.substring(end);
    }

    private static String usage() {
        try (InputStream text = JobsMain.class.getResourceAsStream("usage.txt")) {
            if (text == null) {
                throw new IllegalStateException("usage.txt is missing beside " + JobsMain.class.getName());
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("usage.txt cannot be read", e);
        }
    }
}
