package dev.aside.demo.web;

import dev.aside.cache.CacheProbe;
import dev.aside.demo.documents.InvoicePdf;
import dev.aside.demo.documents.OrderMail;
import dev.aside.demo.documents.OrderMailer;
import dev.aside.demo.documents.Thumbnail;
import dev.aside.demo.shop.Order;
import dev.aside.demo.shop.SalesRepository;
import dev.aside.demo.shop.SalesRepository.Months;
import dev.aside.offload.CallOptions;
import dev.aside.offload.EnqueueOptions;
import dev.aside.offload.JobContext;
import dev.aside.offload.OffloadExecutor;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Slow work: answered at once if it is done within the threshold, else a job. */
@RestController
class WorkController {
    private static final int MOST_BYTES = 10 << 20;
    private static final int WIDEST = 1_000;

    private final OffloadExecutor offload;
    private final SalesRepository sales;

    WorkController(OffloadExecutor offload, SalesRepository sales) {
        this.offload = offload;
        this.sales = sales;
    }

    @PostMapping("/reports/sales")
    ResponseEntity<?> report(@RequestParam(required = false) @Nullable String month) {
        YearMonth only = month == null ? null : known(month);
        return offload.call(Results.REPORT, job -> sales.report(only, job)).fold(ResponseEntity::ok, Accepted::job);
    }

    /**
     * A cached method behind an offloaded call. The first request finds nothing in the cache and soon becomes a job; the
     * job fills the cache, and the next request is answered at once. Executor and cache know nothing of each other.
     */
    @GetMapping("/reports/bestsellers")
    ResponseEntity<?> bestsellers() {
        CallOptions joined = CallOptions.builder().coalesceBy("all").build();
        return offload.call(Results.BESTSELLERS, joined, this::look).fold(Results::bestsellers, Accepted::job);
    }

    private Results.Looked look(JobContext job) {
        try (CacheProbe probe = CacheProbe.open()) { // the worker's own reads
            return new Results.Looked(sales.bestsellers(), probe.answers());
        }
    }

    @PostMapping("/orders/{id}/invoice")
    ResponseEntity<?> invoice(@PathVariable String id) throws IOException {
        Order order = known(id, sales);
        return offload.call(Results.INVOICE, job -> InvoicePdf.of(order, job)).fold(Results::invoice, Accepted::job);
    }

    /** Always a job: whoever orders does not wait for a mail server. The same key sends one mail. */
    @PostMapping("/orders/{id}/confirmation")
    ResponseEntity<?> confirm(
            @PathVariable String id,
            @RequestParam String to,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
        Order order = known(id, sales);
        OrderMail mail = new OrderMail(order.id(), address(to));
        EnqueueOptions options = key == null
                ? EnqueueOptions.none()
                : EnqueueOptions.builder().idempotencyKey(key, mail.toString()).build();
        return Accepted.job(offload.jobs().enqueue(OrderMailer.TYPE, mail, options));
    }

    @PostMapping("/thumbnails")
    ResponseEntity<?> thumbnail(@RequestBody byte[] image, @RequestParam(defaultValue = "160") int width)
            throws IOException {
        if (width < 1 || width > WIDEST) {
            throw ProblemException.badRequest("'" + width + "' is not a width [hint: 1 to " + WIDEST + " pixels]");
        }
        if (image.length > MOST_BYTES) {
            throw ProblemException.badRequest("the picture has more than " + MOST_BYTES + " bytes");
        }
        return offload.call(Results.THUMBNAIL, sized(image), job -> Thumbnail.of(image, width, job))
                .fold(Results::thumbnail, Accepted::job);
    }

    /** What waits holds the picture. */
    private static CallOptions sized(byte[] image) {
        return CallOptions.builder().estimatedBytes(image.length).build();
    }

    private static Order known(String id, SalesRepository sales) {
        return sales.order(id)
                .orElseThrow(() -> ProblemException.notFound("order-not-found", "there is no order '" + id + "'"));
    }

    private static String address(String text) {
        try {
            InternetAddress address = new InternetAddress(text, true);
            address.validate();
            return address.getAddress();
        } catch (AddressException e) {
            throw ProblemException.badRequest("'" + text + "' is not a mail address [hint: alice@example.org]");
        }
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
}
