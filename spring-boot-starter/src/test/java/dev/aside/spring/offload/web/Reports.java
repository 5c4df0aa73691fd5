package dev.aside.spring.offload.web;

import dev.aside.offload.JobContext;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.annotation.JobHandler;
import dev.aside.offload.annotation.Offload;
import dev.aside.offload.http.KeyRule;
import dev.aside.offload.http.PromotionMode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** Endpoints whose work waits until a test lets it go. */
@RestController
public class Reports {
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final ObjectProvider<OffloadExecutor> offload;
    final AtomicInteger calls = new AtomicInteger();

    Reports(ObjectProvider<OffloadExecutor> offload) {
        this.offload = offload;
    }

    public record Query(String month, boolean slow) {}

    public record Report(String month, int total) {}

    static final class SoldOut extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SoldOut(String message) {
            super(message);
        }
    }

    /** Work waits on the gate of its month, if it is slow. */
    CountDownLatch gate(String month) {
        return gates.computeIfAbsent(month, m -> new CountDownLatch(1));
    }

    void open(String month) {
        gate(month).countDown();
    }

    void work(Query query, JobContext context) throws InterruptedException {
        calls.incrementAndGet();
        context.progress(40, 100, "page 40");
        if (query.slow()) {
            CountDownLatch gate = gate(query.month());
            context.onCancel(gate::countDown);
            gate.await();
        }
        context.throwIfCancelled();
    }

    @PostMapping("/reports")
    @Offload("report")
    Report create(@RequestBody Query query, JobContext context) throws InterruptedException {
        work(query, context);
        return new Report(query.month(), 12);
    }

    @PostMapping("/entities")
    @Offload
    ResponseEntity<Report> entity(@RequestBody Query query, JobContext context) throws InterruptedException {
        work(query, context);
        URI location = ServletUriComponentsBuilder.fromCurrentRequest()
                .path("/{month}")
                .build(query.month());
        return ResponseEntity.created(location)
                .header("X-Report", query.month())
                .eTag("\"v1\"")
                .body(new Report(query.month(), 12));
    }

    @PostMapping("/nothing")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Offload
    void nothing(@RequestBody Query query, JobContext context) throws InterruptedException {
        work(query, context);
    }

    @PostMapping("/stages")
    @ResponseStatus(HttpStatus.CREATED)
    @Offload
    CompletionStage<Report> stage(@RequestBody Query query, JobContext context) {
        calls.incrementAndGet();
        return CompletableFuture.supplyAsync(() -> {
            try {
                if (query.slow()) {
                    gate(query.month()).await();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (query.month().equals("failing")) {
                throw new SoldOut("none left");
            }
            return new Report(query.month(), 12);
        });
    }

    @PostMapping("/retrofit")
    @Offload(promotion = PromotionMode.ON_REQUEST, maxWait = "20s")
    Report retrofit(@RequestBody Query query, JobContext context) throws InterruptedException {
        work(query, context);
        return new Report(query.month(), 12);
    }

    @PostMapping("/keyed")
    @Offload(idempotencyKey = KeyRule.REQUIRED)
    Report keyed(@RequestBody Query query, JobContext context) throws InterruptedException {
        work(query, context);
        return new Report(query.month(), 12 + calls.get());
    }

    @GetMapping("/failures/{how}")
    @Offload
    String fails(@PathVariable String how, @RequestParam(defaultValue = "false") boolean slow, JobContext context)
            throws InterruptedException {
        work(new Query("failures", slow), context);
        switch (how) {
            case "problem" -> throw new SoldOut("none left");
            case "status" -> throw new ResponseStatusException(HttpStatus.GONE, "it was here yesterday");
            case "recovered" -> throw new IllegalArgumentException("recovered");
            default -> throw new IllegalStateException("s3cret");
        }
    }

    @PostMapping("/uploads")
    @Offload
    Map<String, Object> upload(@RequestParam List<MultipartFile> files, @RequestParam boolean slow, JobContext context)
            throws Exception {
        work(new Query("uploads", slow), context);
        return Map.of(
                "name",
                files.get(0).getOriginalFilename(),
                "text",
                new String(files.get(0).getBytes(), StandardCharsets.UTF_8));
    }

    @GetMapping(value = "/texts/{text}", produces = MediaType.TEXT_PLAIN_VALUE)
    @Offload(threshold = "10s")
    String text(@PathVariable String text) {
        return text;
    }

    @GetMapping("/denied")
    @Offload(threshold = "10s")
    String denied() {
        throw new AccessDeniedException("not yours");
    }

    @PostMapping("/enqueued")
    String enqueue(@RequestBody Query query) {
        return offload.getObject()
                .jobs()
                .enqueue(JobType.of("echo", Query.class, Report.class), query)
                .id();
    }

    @JobHandler("echo")
    Report echo(Query query) {
        return new Report(query.month(), 1);
    }

    @GetMapping("/plain")
    String plain() {
        return "plain";
    }

    @ExceptionHandler(SoldOut.class)
    ProblemDetail soldOut(SoldOut thrown) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, thrown.getMessage());
        problem.setType(URI.create("https://example.com/sold-out"));
        problem.setTitle("Sold out");
        problem.setProperty("left", 0);
        return problem;
    }

    @ExceptionHandler(IllegalArgumentException.class)
    ResponseEntity<String> recovered(IllegalArgumentException thrown) {
        return ResponseEntity.ok(thrown.getMessage());
    }
}
