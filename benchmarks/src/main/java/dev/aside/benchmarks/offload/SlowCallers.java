package dev.aside.benchmarks.offload;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Clients of a {@link SlowServer}: so many at once that each want one slow thing and follow it to its end, and one that
 * asks for fast things at a fixed rate meanwhile, whatever the answers take.
 */
final class SlowCallers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Drawn anew for each poll, or those who were promoted together would poll together for ever. */
    private static final int MIN_POLL_MILLIS = 250;

    private static final int MAX_POLL_MILLIS = 750;
    private static final long FAST_EVERY_MILLIS = 5;

    /** Microseconds from the intended start to the first answer. */
    final Histogram slow = new ConcurrentHistogram(3);

    final Histogram fast = new ConcurrentHistogram(3);
    final AtomicInteger inline = new AtomicInteger();
    final AtomicInteger jobs = new AtomicInteger();
    /** What went wrong, by caller; empty when all got what they asked for. */
    final List<String> failures = Collections.synchronizedList(new ArrayList<>());

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final String url;

    SlowCallers(String url) {
        this.url = url;
    }

    /** Everybody calls, evenly spread over the given time, zero for all at once; returns when everybody has the result. */
    void round(int callers, Duration spread) {
        AtomicInteger fastUnderWay = new AtomicInteger();
        long begin = System.nanoTime();
        AtomicInteger sent = new AtomicInteger();
        var probing = timer.scheduleAtFixedRate(
                () -> {
                    long intended = begin + TimeUnit.MILLISECONDS.toNanos(FAST_EVERY_MILLIS * sent.getAndIncrement());
                    fastUnderWay.incrementAndGet();
                    send("GET", url + "/fast").whenComplete((answer, failure) -> {
                        fast.recordValue(micros(intended));
                        if (failure != null || answer.statusCode() != 200) {
                            failures.add("fast: " + (failure == null ? answer.statusCode() : failure));
                        }
                        fastUnderWay.decrementAndGet();
                    });
                },
                0,
                FAST_EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            all.add(call(i, begin + spread.toNanos() * i / callers));
        }
        CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).join();
        probing.cancel(false);
        while (fastUnderWay.get() > 0) {
            Thread.onSpinWait();
        }
    }

    private CompletableFuture<?> call(int caller, long begin) {
        Executor intended =
                CompletableFuture.delayedExecutor(begin - System.nanoTime(), TimeUnit.NANOSECONDS, Runnable::run);
        return CompletableFuture.supplyAsync(() -> caller, intended)
                .thenCompose(ignored -> send("POST", url + "/slow/" + caller))
                .thenCompose(answer -> {
                    slow.recordValue(micros(begin));
                    if (answer.statusCode() != 202) {
                        inline.incrementAndGet();
                        return CompletableFuture.completedFuture(answer);
                    }
                    jobs.incrementAndGet();
                    return poll(answer.headers().firstValue("Location").orElse("no Location"));
                })
                .handle((answer, failure) -> {
                    if (failure != null) {
                        failures.add(caller + ": " + failure);
                    } else if (answer.statusCode() != 200 || !answer.body().equals("done " + caller)) {
                        failures.add(caller + ": " + answer.statusCode() + " " + answer.body());
                    }
                    return null;
                });
    }

    private CompletableFuture<HttpResponse<String>> poll(String job) {
        return send("GET", job)
                .thenCompose(answer -> answer.statusCode() == 202
                        ? CompletableFuture.supplyAsync(
                                        () -> job, CompletableFuture.delayedExecutor(pause(), TimeUnit.MILLISECONDS))
                                .thenCompose(this::poll)
                        : CompletableFuture.completedFuture(answer));
    }

    private static int pause() {
        return ThreadLocalRandom.current().nextInt(MIN_POLL_MILLIS, MAX_POLL_MILLIS);
    }

    private CompletableFuture<HttpResponse<String>> send(String method, String address) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private static long micros(long since) {
        return TimeUnit.NANOSECONDS.toMicros(Math.max(0, System.nanoTime() - since));
    }

    /** Forgets what was measured. */
    void reset() {
        slow.reset();
        fast.reset();
        inline.set(0);
        jobs.set(0);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
