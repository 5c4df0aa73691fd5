package dev.aside.offload;

import static org.awaitility.Awaitility.await;

import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads of a test that call the executor, named so that their waits can be told from the workers'. */
final class Callers {
    private static final String NAME = "caller-";

    private Callers() {}

    /** Runs the call on a thread of its own. */
    static <T> Caller<T> start(Callable<T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        answer.complete(call.call());
                    } catch (Throwable e) {
                        answer.completeExceptionally(e);
                    }
                },
                NAME + "thread");
        thread.setDaemon(true);
        thread.start();
        return new Caller<>(thread, answer);
    }

    /** Waits until so many callers are parked in their wait for an outcome. */
    static void awaitParked(ManualTime time, int callers) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> time.parked(thread -> thread.getName().startsWith(NAME)) >= callers);
    }

    /** A call under way. */
    record Caller<T>(Thread thread, CompletableFuture<T> answer) {
        T get() throws InterruptedException, TimeoutException, ExecutionException {
            return answer.get(10, TimeUnit.SECONDS);
        }

        Throwable failure() throws InterruptedException, TimeoutException {
            try {
                Object value = answer.get(10, TimeUnit.SECONDS);
                throw new AssertionError("no failure but " + value);
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }
    }
}
