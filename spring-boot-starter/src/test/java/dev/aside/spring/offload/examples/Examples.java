package dev.aside.spring.offload.examples;

import dev.aside.offload.JobContext;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.offload.annotation.JobHandler;
import dev.aside.offload.annotation.Offload;
import dev.aside.offload.http.CompletionProfile;
import dev.aside.offload.http.KeyRule;
import dev.aside.offload.http.PromotionMode;
import dev.aside.spring.offload.web.CallerIdentity;
import java.util.concurrent.CompletionStage;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What docs/spring-offload.md shows. */
final class Examples {
    private Examples() {}

    record Query(String month) {}

    record Report(String month) {}

    interface Renderer {
        Report render(String month, JobContext job);

        CompletionStage<Report> renderLater(String month);
    }

    @RestController
    static class Reports {
        private final Renderer renderer;

        Reports(Renderer renderer) {
            this.renderer = renderer;
        }

        @PostMapping("/reports")
        @Offload
        Report create(@RequestBody Query query, JobContext job) {
            return renderer.render(query.month(), job);
        }

        @PostMapping("/invoices")
        @Offload(value = "invoice", threshold = "500ms", idempotencyKey = KeyRule.REQUIRED, maxConcurrent = 4)
        Report invoice(@RequestBody Query query, JobContext job) {
            return renderer.render(query.month(), job);
        }

        @GetMapping("/summaries/{month}")
        @Offload(promotion = PromotionMode.ON_REQUEST) // clients that never heard of jobs never see one
        Report summary(@PathVariable String month, JobContext job) {
            return renderer.render(month, job);
        }

        @PostMapping("/exports")
        @Offload(profile = CompletionProfile.RESULT)
        CompletionStage<Report> export(@RequestBody Query query) {
            return renderer.renderLater(query.month());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Identity {
        @Bean
        CallerIdentity tenant() {
            return request -> request.getHeader("X-Tenant"); // checked by the gateway in front of us
        }
    }

    @Component
    static class Mails {
        @JobHandler("mail")
        void send(String customer, JobContext job) {
            // at least once: bear being called again
        }
    }

    @Component
    static class Orders {
        private final OffloadExecutor offload;

        Orders(OffloadExecutor offload) {
            this.offload = offload;
        }

        String confirm(String customer) {
            JobHandle<Void> mail = offload.jobs().enqueue(JobType.of("mail", String.class, Void.class), customer);
            return mail.id();
        }
    }

    @Component
    static class Statistics {
        @Offload(threshold = "2s")
        Outcome<Integer> count(String month, JobContext job) {
            return new Outcome.Done<>(42);
        }
    }

    static String use(Statistics statistics) {
        return statistics.count("2026-11", null).fold(count -> "counted " + count, job -> "see " + job.id());
    }
}
