package dev.aside.demo.web;

import dev.aside.demo.documents.ImageException;
import dev.aside.offload.BacklogFullException;
import dev.aside.offload.IdempotencyKeyReusedException;
import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Turns exceptions into problem documents (RFC 9457). */
@RestControllerAdvice
class Problems {

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(ProblemException e) {
        return answer(e.status(), e.type(), e.detail());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> full(BacklogFullException e) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(Math.max(1, e.retryAfter().toSeconds())))
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem(
                        HttpStatus.SERVICE_UNAVAILABLE, "queue-full", "too many " + e.type() + " jobs are waiting"));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unusable(ImageException e) {
        return answer(HttpStatus.UNPROCESSABLE_CONTENT, "unusable-image", String.valueOf(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> reused(IdempotencyKeyReusedException e) {
        return answer(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "idempotency-key-reused",
                "the Idempotency-Key came with another order or address before");
    }

    static ResponseEntity<ProblemDetail> answer(HttpStatus status, String type, String detail) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem(status, type, detail));
    }

    private static ProblemDetail problem(HttpStatus status, String type, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("urn:aside-demo:" + type));
        return problem;
    }
}
