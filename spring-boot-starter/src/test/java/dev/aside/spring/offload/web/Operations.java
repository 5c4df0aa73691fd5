package dev.aside.spring.offload.web;

import dev.aside.offload.JobContext;
import dev.aside.offload.annotation.Offload;
import dev.aside.offload.http.CompletionProfile;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Long-running operations, for clients that know nothing of Aside. */
@RestController
public class Operations {
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    CountDownLatch gate(String name) {
        return gates.computeIfAbsent(name, n -> new CountDownLatch(1));
    }

    @PostMapping("/operations")
    @Offload("operation")
    Map<String, String> run(@RequestParam String gate, @RequestParam boolean fails, JobContext context)
            throws InterruptedException {
        return work(gate, fails, context);
    }

    @PostMapping("/located")
    @Offload(value = "located", profile = CompletionProfile.RESULT)
    Map<String, String> located(@RequestParam String gate, @RequestParam boolean fails, JobContext context)
            throws InterruptedException {
        return work(gate, fails, context);
    }

    private Map<String, String> work(String gate, boolean fails, JobContext context) throws InterruptedException {
        context.onCancel(gate(gate)::countDown);
        gate(gate).await();
        context.throwIfCancelled();
        if (fails) {
            throw new IllegalStateException("sold out");
        }
        return Map.of("name", gate);
    }

    @ExceptionHandler
    ProblemDetail failed(IllegalStateException thrown) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, String.valueOf(thrown.getMessage()));
    }
}
