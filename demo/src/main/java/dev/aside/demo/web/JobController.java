package dev.aside.demo.web;

import dev.aside.demo.shop.SalesReport;
import dev.aside.demo.shop.SalesRepository;
import dev.aside.demo.shop.SalesRepository.Months;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobSnapshot;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobState;
import java.net.URI;
import java.time.DateTimeException;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The sales report, which is answered at once or becomes a job, and the jobs. */
@RestController
class JobController {
    static final String REPORT = "sales-report";
    private static final String POLL_SECONDS = "1";

    private final OffloadExecutor offload;
    private final SalesRepository sales;

    JobController(OffloadExecutor offload, SalesRepository sales) {
        this.offload = offload;
        this.sales = sales;
    }

    @PostMapping("/reports/sales")
    ResponseEntity<?> report(@RequestParam(required = false) @Nullable String month) {
        YearMonth only = month == null ? null : known(month);
        return offload.call(REPORT, job -> sales.report(only, job)).fold(ResponseEntity::ok, this::accepted);
    }

    @GetMapping("/jobs/{id}")
    ResponseEntity<?> poll(
            @PathVariable String id,
            @RequestParam(defaultValue = "true") boolean redirect,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String known) {
        JobSnapshot job = find(id);
        String version = "\"" + job.record().version() + "\"";
        if (!job.isFinished()) {
            HttpStatus status = version.equals(known) ? HttpStatus.NOT_MODIFIED : HttpStatus.ACCEPTED;
            ResponseEntity.BodyBuilder answer = ResponseEntity.status(status)
                    .eTag(version)
                    .header(HttpHeaders.RETRY_AFTER, POLL_SECONDS)
                    .cacheControl(CacheControl.noCache().cachePrivate());
            return status == HttpStatus.NOT_MODIFIED ? answer.build() : answer.body(document(job));
        }
        if (redirect && job.state() == JobState.SUCCEEDED && !job.isResultExpired()) {
            return ResponseEntity.status(HttpStatus.SEE_OTHER)
                    .location(URI.create(address(id) + "/result"))
                    .build();
        }
        return ResponseEntity.ok().eTag(version).body(document(job));
    }

    @GetMapping("/jobs/{id}/result")
    ResponseEntity<?> result(@PathVariable String id) {
        JobSnapshot job = find(id);
        if (!job.isFinished()) {
            return ResponseEntity.accepted()
                    .location(URI.create(address(id)))
                    .header(HttpHeaders.RETRY_AFTER, POLL_SECONDS)
                    .body(document(job));
        }
        if (job.isResultExpired()) {
            return Problems.answer(HttpStatus.GONE, "result-expired", "the result of job '" + id + "' is not kept");
        }
        return job.problem()
                .<ResponseEntity<?>>map(JobController::problem)
                .orElseGet(() -> ResponseEntity.ok(job.result(SalesReport.class)));
    }

    @DeleteMapping("/jobs/{id}")
    ResponseEntity<?> cancel(@PathVariable String id) {
        find(id);
        return switch (offload.cancel(id, "asked for by a client")) {
            case CANCELLED, REQUESTED -> ResponseEntity.accepted().body(document(find(id)));
            case TERMINAL -> Problems.answer(HttpStatus.CONFLICT, "job-already-finished", "job '" + id + "' is over");
            case GONE -> throw unknown(id);
        };
    }

    private ResponseEntity<?> accepted(JobHandle<SalesReport> job) {
        return ResponseEntity.accepted()
                .location(URI.create(address(job.id())))
                .header("Operation-Location", address(job.id()) + "?redirect=false")
                .header(HttpHeaders.RETRY_AFTER, POLL_SECONDS)
                .cacheControl(CacheControl.noStore())
                .body(document(find(job.id())));
    }

    private YearMonth known(String text) {
        YearMonth month;
        try {
            month = YearMonth.parse(text);
        } catch (DateTimeException e) {
            throw ProblemException.badRequest("'" + text + "' is not a month [hint: year and month, as 2011-11]");
        }
        Months months =
                sales.months().orElseThrow(() -> ProblemException.notFound("month-not-found", "no orders at all"));
        if (!months.include(month)) {
            throw ProblemException.notFound(
                    "month-not-found",
                    "there are no orders in " + month + " [hint: " + months.first() + " to " + months.last() + "]");
        }
        return month;
    }

    private JobSnapshot find(String id) {
        return offload.find(id).orElseThrow(() -> unknown(id));
    }

    private static ProblemException unknown(String id) {
        return ProblemException.notFound(
                "job-not-found",
                "there is no job '" + id + "' here [hint: jobs are kept in memory; ask the node that took the call]");
    }

    private static ResponseEntity<ProblemDetail> problem(JobProblem problem) {
        ProblemDetail detail = ProblemDetail.forStatus(problem.status());
        detail.setType(URI.create(problem.type()));
        detail.setTitle(problem.title());
        detail.setDetail(problem.detail());
        detail.setProperty("retryable", problem.retryable());
        return ResponseEntity.status(problem.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(detail);
    }

    private static JobDocument document(JobSnapshot job) {
        String self = address(job.id());
        return JobDocument.of(job, new JobDocument.Links(self, self + "/result"));
    }

    /** Absolute, from the request's own authority. */
    private static String address(String id) {
        return ServletUriComponentsBuilder.fromCurrentContextPath()
                .path("/jobs/{id}")
                .build(id)
                .toString();
    }
}
