package dev.aside.benchmarks.offload;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.aside.offload.CallOptions;
import dev.aside.offload.JobSnapshot;
import dev.aside.offload.OffloadExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's HTTP server with eight threads: {@code POST /slow/n} takes a while, {@code GET /fast} does not. With an
 * executor the slow work is offloaded and no server thread waits for it; without one it holds a server thread.
 */
final class SlowServer implements AutoCloseable {
    static final int THREADS = 8;
    static final int PERMITS = 20;
    static final Duration TASK = Duration.ofMillis(300);
    static final Duration THRESHOLD = Duration.ofMillis(200);
    private static final String TYPE = "slow";

    /** Microseconds from the moment a server thread has the request to the moment its answer is written. */
    final Histogram waited = new ConcurrentHistogram(3);

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final @Nullable OffloadExecutor offload;
    private final HttpServer server;

    private SlowServer(@Nullable OffloadExecutor offload) throws IOException {
        this.offload = offload;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        server.setExecutor(threads);
        server.createContext("/fast", exchange -> answer(exchange, 200, "fast"));
        server.createContext("/slow/", this::slow);
        server.createContext("/jobs/", this::job);
        server.start();
    }

    /** Without these the server delays keep-alive answers by 40 ms and drops connections; read when it is first used. */
    static void tuneJdkServer() {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
    }

    static SlowServer offloading() throws IOException {
        return new SlowServer(OffloadExecutor.builder()
                .type(TYPE, type -> type.threshold(THRESHOLD).maxConcurrent(PERMITS))
                .build());
    }

    static SlowServer holdingThreads() throws IOException {
        return new SlowServer(null);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static String name(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void slow(HttpExchange exchange) throws IOException {
        String result = "done " + name(exchange);
        long arrival = System.nanoTime();
        if (offload == null) {
            long until = System.nanoTime() + TASK.toNanos();
            while (System.nanoTime() - until < 0) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
            answered(arrival, answer(exchange, 200, result));
            return;
        }
        Executor later = CompletableFuture.delayedExecutor(TASK.toMillis(), TimeUnit.MILLISECONDS);
        CompletionStage<?> answered = offload.callAsync(
                        TYPE, CallOptions.none(), context -> CompletableFuture.supplyAsync(() -> result, later))
                .thenAccept(outcome -> outcome.fold(
                        done -> answered(arrival, answer(exchange, 200, done)),
                        job -> answered(arrival, accepted(exchange, job.id()))));
        answered.exceptionally(refused -> {
            answer(exchange, 503, String.valueOf(refused));
            return null;
        });
    }

    private boolean answered(long arrival, boolean written) {
        waited.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - arrival));
        return written;
    }

    private boolean accepted(HttpExchange exchange, String id) {
        exchange.getResponseHeaders().set("Location", url() + "/jobs/" + id);
        return answer(exchange, 202, id);
    }

    private void job(HttpExchange exchange) {
        if (offload == null) {
            answer(exchange, 404, "no jobs");
            return;
        }
        offload.findAsync(name(exchange))
                .thenAccept(found -> found.ifPresentOrElse(
                        known -> answerOf(exchange, known), () -> answer(exchange, 404, "unknown")))
                .exceptionally(failure -> {
                    answer(exchange, 500, String.valueOf(failure));
                    return null;
                });
    }

    private static void answerOf(HttpExchange exchange, JobSnapshot job) {
        if (job.isFinished()) {
            answer(exchange, 200, String.valueOf(job.result(String.class)));
        } else {
            answer(exchange, 202, "");
        }
    }

    private static boolean answer(HttpExchange exchange, int status, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getRequestBody().close();
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            return true;
        } catch (IOException e) {
            return false; // the client has gone; it counts its own failures
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        if (offload != null) {
            offload.close();
        }
    }
}
