package dev.aside.demo.web;

import dev.aside.cache.Answer;
import dev.aside.demo.documents.OrderMail;
import dev.aside.demo.documents.OrderMailer;
import dev.aside.demo.shop.Bestseller;
import dev.aside.demo.shop.SalesReport;
import dev.aside.offload.JobSnapshot;
import java.util.List;
import java.util.Objects;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** What each kind of slow work answers: the same at once and as the result of a job. */
final class Results {
    static final String REPORT = "sales-report";
    static final String BESTSELLERS = "bestsellers";
    static final String INVOICE = "invoice";
    static final String THUMBNAIL = "thumbnail";

    private Results() {}

    /** Bestsellers, and where the cache had them from. */
    record Looked(List<Bestseller> bestsellers, List<Answer> answers) {}

    static ResponseEntity<?> bestsellers(Looked looked) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        if (!looked.answers().isEmpty()) {
            answer.header(SourceFilter.SOURCE, SourceFilter.sources(looked.answers()));
        }
        return answer.body(looked.bestsellers());
    }

    static ResponseEntity<?> invoice(byte[] pdf) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_PDF)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.inline()
                                .filename("invoice.pdf")
                                .build()
                                .toString())
                .body(pdf);
    }

    static ResponseEntity<?> thumbnail(byte[] png) {
        return ResponseEntity.ok().contentType(MediaType.IMAGE_PNG).body(png);
    }

    /** The result of a job that has SUCCEEDED. */
    static ResponseEntity<?> of(JobSnapshot job) {
        return switch (job.type()) {
            case REPORT -> ResponseEntity.ok(job.result(SalesReport.class));
            case BESTSELLERS -> bestsellers(required(job, Looked.class));
            case INVOICE -> invoice(required(job, byte[].class));
            case THUMBNAIL -> thumbnail(required(job, byte[].class));
            case OrderMailer.NAME -> ResponseEntity.ok(job.result(OrderMail.Sent.class));
            default -> throw new IllegalStateException("nobody here makes jobs of type " + job.type());
        };
    }

    private static <T> T required(JobSnapshot job, Class<T> type) {
        return Objects.requireNonNull(job.result(type), "none of these jobs has an empty result");
    }
}
