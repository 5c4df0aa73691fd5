package dev.aside.demo.web;

import dev.aside.offload.JobHandle;
import dev.aside.offload.JobSnapshot;
import java.net.URI;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The answer to a request whose work goes on as a job, and how a job is shown. */
final class Accepted {
    static final String POLL_SECONDS = "1";

    private Accepted() {}

    /** 202, and where to ask. */
    static ResponseEntity<?> job(JobHandle<?> job) {
        return ResponseEntity.accepted()
                .location(URI.create(address(job.id())))
                .header("Operation-Location", address(job.id()) + "?redirect=false")
                .header(HttpHeaders.RETRY_AFTER, POLL_SECONDS)
                .cacheControl(CacheControl.noStore())
                .body(document(job.status()));
    }

    static JobDocument document(JobSnapshot job) {
        String self = address(job.id());
        return JobDocument.of(job, new JobDocument.Links(self, self + "/result"));
    }

    /** Absolute, from the request's own authority. */
    static String address(String id) {
        return ServletUriComponentsBuilder.fromCurrentContextPath()
                .path("/jobs/{id}")
                .build(id)
                .toString();
    }
}
