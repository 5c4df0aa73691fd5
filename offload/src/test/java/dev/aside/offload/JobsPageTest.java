package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The code of docs/jobs.md, compiled and run. */
class JobsPageTest {
    private final YearMonth month = YearMonth.of(2011, 11);
    private final Reports reports = (of, ctx) -> new Report("sales of " + of);
    private final QuoteClient client = item -> CompletableFuture.completedStage("12.50");
    private final List<String> sent = new ArrayList<>();

    record Report(String title) {}

    record SendEmail(String to) {}

    record Receipt(String id) {}

    interface Reports {
        Report render(YearMonth month, JobContext ctx);
    }

    interface Bestsellers {
        List<String> bestsellers();
    }

    interface QuoteClient {
        CompletionStage<String> quote(String item);
    }

    interface Mailer {
        Receipt send(SendEmail email, String jobId, long fencingToken);
    }

    private static String ok(Report report) {
        return "200 " + report.title();
    }

    private static String accepted(String jobId) {
        return "202 " + jobId;
    }

    private static String render(String page) {
        return "<p>" + page;
    }

    @Test
    void firstExample_asWritten_answers() throws Exception {
        String jobId = "jb_01M83VB7BGGN8D2W1SKYK94JV930";
        // spotless:off
        OffloadExecutor offload = OffloadExecutor.builder().threshold(Duration.ofMillis(200)).build();
        Outcome<Report> outcome = offload.call("sales-report", ctx -> reports.render(month, ctx));
        outcome.fold(report -> ok(report), job -> accepted(job.id()));
        offload.find(jobId);
        // spotless:on
        offload.close();

        assertThat(outcome.<String>fold(JobsPageTest::ok, job -> accepted(job.id())))
                .startsWith("20");
        assertThat(sent).isEmpty();
    }

    @Test
    void asynchronousExamples_asWritten_answer() throws Exception {
        String item = "lantern";
        String page = "one";
        String jobId = "jb_01M83VB7BGGN8D2W1SKYK94JV930";
        long knownVersion = 1;
        try (OffloadExecutor offload = OffloadExecutor.create()) {
            // spotless:off
            offload.callAsync("quote", ctx -> client.quote(item));                  // a stage of yours: no thread waits for it
            offload.dispatch("render", CallOptions.none(), ctx -> render(page));    // a blocking task, asked for by an event loop
            offload.awaitChange(jobId, knownVersion, Duration.ofSeconds(20));       // the long poll
            // spotless:on
            assertThat(offload.callAsync("quote", ctx -> client.quote(item))
                            .toCompletableFuture()
                            .join()
                            .<String>fold(price -> price, JobHandle::id))
                    .isEqualTo("12.50");
        }
    }

    @Test
    void cachedMethod_asWritten_isAnsweredOnceItIsCached() {
        ConcurrentMap<String, List<String>> cache = new ConcurrentHashMap<>();
        CountDownLatch loaded = new CountDownLatch(1);
        Bestsellers sales = () -> cache.computeIfAbsent("", key -> {
            try {
                loaded.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            return List.of("lantern");
        });
        try (OffloadExecutor offload = OffloadExecutor.create()) {
            Supplier<Outcome<List<String>>> request = () ->
                    // spotless:off
                    offload.call("bestsellers", ctx -> sales.bestsellers()); // bestsellers() is @Cached
                    // spotless:on
            String job = request.get().fold(done -> "too early", JobHandle::id);
            loaded.countDown();
            await().until(() -> offload.find(job).orElseThrow().isFinished());
            await().untilAsserted(() -> assertThat(request.get()).isEqualTo(new Outcome.Done<>(List.of("lantern"))));
        }
    }

    @Test
    void namedJob_asWritten_runs() {
        Mailer mailer = (email, jobId, token) -> {
            synchronized (sent) {
                sent.add(email.to());
            }
            return new Receipt(jobId);
        };
        try (OffloadExecutor offload = OffloadExecutor.create()) {
            // spotless:off
            JobType<SendEmail, Receipt> SEND_EMAIL = JobType.of("email.send", SendEmail.class, Receipt.class);
            offload.jobs().handle(SEND_EMAIL, (email, ctx) -> mailer.send(email, ctx.jobId(), ctx.fencingToken()));
            JobHandle<Receipt> job = offload.jobs().enqueue(SEND_EMAIL, new SendEmail("a@b"));
            // spotless:on
            await().until(() -> offload.find(job.id()).orElseThrow().isFinished());
            assertThat(sent).containsExactly("a@b");
            assertThat(job.result()).isEqualTo(new Receipt(job.id()));
        }
    }

    @Test
    void namedCall_asWritten_answers() throws Exception {
        try (OffloadExecutor offload = OffloadExecutor.create()) {
            // spotless:off
            JobType<YearMonth, Report> REPORT = JobType.of("sales-report", YearMonth.class, Report.class);
            offload.jobs().handle(REPORT, reports::render);
            Outcome<Report> outcome = offload.jobs().call(REPORT, month);
            CompletionStage<Outcome<Report>> later = offload.jobs().callAsync(REPORT, month, CallOptions.none());
            // spotless:on
            assertThat(outcome.<String>fold(Report::title, JobHandle::id)).isIn("sales of 2011-11", idOf(outcome));
            assertThat(later.toCompletableFuture().get()).isInstanceOf(Outcome.class);
        }
    }

    private static String idOf(Outcome<?> outcome) {
        return outcome.fold(done -> "done", JobHandle::id);
    }
}
