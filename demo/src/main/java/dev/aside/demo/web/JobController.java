package dev.aside.demo.web;

import dev.aside.offload.JobSnapshot;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobState;
import java.net.URI;
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
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The jobs that slow work has become. */
@RestController
class JobController {
    private final OffloadExecutor offload;

    JobController(OffloadExecutor offload) {
        this.offload = offload;
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
                    .header(HttpHeaders.RETRY_AFTER, Accepted.POLL_SECONDS)
                    .cacheControl(CacheControl.noCache().cachePrivate());
            return status == HttpStatus.NOT_MODIFIED ? answer.build() : answer.body(Accepted.document(job));
        }
        if (redirect && job.state() == JobState.SUCCEEDED && !job.isResultExpired()) {
            return ResponseEntity.status(HttpStatus.SEE_OTHER)
                    .location(URI.create(Accepted.address(id) + "/result"))
                    .build();
        }
        return ResponseEntity.ok().eTag(version).body(Accepted.document(job));
    }

    @GetMapping("/jobs/{id}/result")
    ResponseEntity<?> result(@PathVariable String id) {
        JobSnapshot job = find(id);
        if (!job.isFinished()) {
            return ResponseEntity.accepted()
                    .location(URI.create(Accepted.address(id)))
                    .header(HttpHeaders.RETRY_AFTER, Accepted.POLL_SECONDS)
                    .body(Accepted.document(job));
        }
        if (job.isResultExpired()) {
            return Problems.answer(HttpStatus.GONE, "result-expired", "the result of job '" + id + "' is not kept");
        }
        return job.problem().<ResponseEntity<?>>map(JobController::problem).orElseGet(() -> Results.of(job));
    }

    @DeleteMapping("/jobs/{id}")
    ResponseEntity<?> cancel(@PathVariable String id) {
        find(id);
        return switch (offload.cancel(id, "asked for by a client")) {
            case CANCELLED, REQUESTED -> ResponseEntity.accepted().body(Accepted.document(find(id)));
            case TERMINAL -> Problems.answer(HttpStatus.CONFLICT, "job-already-finished", "job '" + id + "' is over");
            case GONE -> throw unknown(id);
        };
    }

    private JobSnapshot find(String id) {
        return offload.find(id).orElseThrow(() -> unknown(id));
    }

    private static ProblemException unknown(String id) {
        return ProblemException.notFound(
                "job-not-found",
                "there is no job '" + id + "' [hint: finished jobs are known for a day, on every node]");
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
}
