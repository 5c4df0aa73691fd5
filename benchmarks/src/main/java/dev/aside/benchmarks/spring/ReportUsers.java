package dev.aside.benchmarks.spring;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Users of a {@link ReportServer}, each of whom does one thing after another with a pause in between: mostly fast calls,
 * else a report, which is followed to its result. They need no threads of their own, and share nothing but the client.
 */
final class ReportUsers {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Microseconds from the request to its answer; of reports, to the result. */
    final Histogram fast = new ConcurrentHistogram(3);

    final Histogram reports = new ConcurrentHistogram(3);
    /** Reports that took a job. */
    final AtomicInteger jobs = new AtomicInteger();

    final AtomicInteger polls = new AtomicInteger();
    /** What went wrong; empty when all got what they asked for. */
    final List<String> failures = Collections.synchronizedList(new ArrayList<>());

    private final HttpClient client;
    private final String url;
    private final String path;
    private final Habits habits;

    /**
     * What users do.
     *
     * @param think the mean pause; pauses are spread exponentially, so that users never fall into step
     * @param reports how many of a hundred things are reports
     */
    record Habits(Duration think, int reports) {
        private long pause() {
            return (long) (-Math.log(1 - ThreadLocalRandom.current().nextDouble()) * think.toNanos());
        }

        private boolean wantsReport() {
            return ThreadLocalRandom.current().nextInt(100) < reports;
        }
    }

    /**
     * Users who ask for their reports at this path.
     *
     * @param client shared by rounds, so that connections are open; it follows redirects
     */
    ReportUsers(HttpClient client, String url, String path, Habits habits) {
        this.client = client;
        this.url = url;
        this.path = path;
        this.habits = habits;
    }

    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /** So many users at once, for so long; returns when everybody has what was asked for last. */
    void round(int users, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        CompletableFuture<?>[] all = new CompletableFuture<?>[users];
        for (int i = 0; i < users; i++) {
            all[i] = act(end);
        }
        CompletableFuture.allOf(all).join();
    }

    /** One thing after another, until the end. */
    private CompletableFuture<Long> act(long end) {
        return after(habits.pause()).thenCompose(now -> {
            if (now - end >= 0) {
                return CompletableFuture.completedFuture(now);
            }
            return (habits.wantsReport() ? report() : fast()).thenCompose(done -> act(end));
        });
    }

    private CompletableFuture<Long> fast() {
        long begin = System.nanoTime();
        return send("GET", url + "/fast")
                .handle((answer, failure) -> judge(answer, failure, ReportServer.FAST, fast, begin));
    }

    private CompletableFuture<Long> report() {
        long begin = System.nanoTime();
        return send("POST", url + path)
                .thenCompose(answer -> {
                    if (answer.statusCode() != 202) {
                        return CompletableFuture.completedFuture(answer);
                    }
                    jobs.incrementAndGet();
                    return poll(answer.headers().firstValue("Location").orElseThrow(), answer);
                })
                .handle((answer, failure) -> judge(answer, failure, ReportServer.REPORT, reports, begin));
    }

    /** Asks again when the last answer says so, until there is a result. */
    private CompletableFuture<HttpResponse<String>> poll(String job, HttpResponse<String> last) {
        long seconds = last.headers().firstValueAsLong("Retry-After").orElse(1);
        return after(TimeUnit.SECONDS.toNanos(seconds))
                .thenCompose(ignored -> send("GET", job))
                .thenCompose(answer -> {
                    polls.incrementAndGet();
                    return answer.statusCode() == 202 ? poll(job, answer) : CompletableFuture.completedFuture(answer);
                });
    }

    /** Counts what came of it; when that was. */
    private long judge(
            @Nullable HttpResponse<String> answer,
            @Nullable Throwable failure,
            String expected,
            Histogram times,
            long begin) {
        long now = System.nanoTime();
        times.recordValue(TimeUnit.NANOSECONDS.toMicros(now - begin));
        if (answer == null) {
            failures.add(expected + ": " + failure);
        } else if (answer.statusCode() != 200 || !answer.body().equals(expected)) {
            failures.add(expected + ": " + answer.statusCode() + " " + answer.body());
        }
        return now;
    }

    private CompletableFuture<HttpResponse<String>> send(String method, String address) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .timeout(PATIENCE)
                .method(method, BodyPublishers.noBody())
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    private static CompletableFuture<Long> after(long nanos) {
        return CompletableFuture.supplyAsync(
                System::nanoTime, CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run));
    }
}
