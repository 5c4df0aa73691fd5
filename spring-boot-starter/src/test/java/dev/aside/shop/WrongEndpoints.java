package dev.aside.shop;

import dev.aside.offload.JobContext;
import dev.aside.offload.OnWaitTimeout;
import dev.aside.offload.Outcome;
import dev.aside.offload.annotation.JobHandler;
import dev.aside.offload.annotation.Offload;
import dev.aside.offload.http.PromotionMode;
import dev.aside.offload.redis.JacksonPayloadCodec;
import dev.aside.offload.spi.PayloadCodec;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.InputStream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.BindingResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.publisher.Mono;

/** Offloaded methods of applications that do not start. */
public final class WrongEndpoints {
    private WrongEndpoints() {}

    @RestController
    public static class Reports {
        @PostMapping("/reports")
        @Offload
        public String create() {
            return "";
        }
    }

    @RestController
    public static class LiveRequest {
        @PostMapping("/reports")
        @Offload
        public String create(HttpServletRequest request) {
            return "";
        }
    }

    @RestController
    public static class LiveStream {
        @PostMapping("/reports")
        @Offload
        public String create(InputStream body) {
            return "";
        }
    }

    @RestController
    public static class LiveSession {
        @PostMapping("/reports")
        @Offload
        public String create(HttpSession session) {
            return "";
        }
    }

    @RestController
    public static class WithModel {
        @PostMapping("/reports")
        @Offload
        public String create(Model model) {
            return "";
        }
    }

    @RestController
    public static class WithBindingResult {
        @PostMapping("/reports")
        @Offload
        public String create(@ModelAttribute Object query, BindingResult result) {
            return "";
        }
    }

    @RestController
    public static class Reactive {
        @PostMapping("/reports")
        @Offload
        public Mono<String> create() {
            return Mono.empty();
        }
    }

    @RestController
    public static class Streaming {
        @PostMapping("/reports")
        @Offload
        public SseEmitter create() {
            return new SseEmitter();
        }
    }

    @Controller
    public static class Page {
        @GetMapping("/reports")
        @Offload
        public String show() {
            return "reports";
        }
    }

    @RestController
    public static class ReturnsOutcome {
        @PostMapping("/reports")
        @Offload
        public Outcome<String> create() {
            return new Outcome.Done<>("");
        }
    }

    @RestController
    public static class ContextAlone {
        @PostMapping("/reports")
        public String create(JobContext context) {
            return "";
        }
    }

    @RestController
    public static class OwnJobs {
        @PostMapping("/reports")
        @Offload
        public String create() {
            return "";
        }

        @GetMapping("/jobs/{number}")
        public String job(@PathVariable String number) {
            return number;
        }
    }

    @RestController
    public static class WrongDuration {
        @PostMapping("/reports")
        @Offload(threshold = "soon")
        public String create() {
            return "";
        }
    }

    @RestController
    public static class LongThreshold {
        @PostMapping("/reports")
        @Offload(threshold = "20s", maxWait = "10s")
        public String create() {
            return "";
        }
    }

    @RestController
    public static class Contradiction {
        @PostMapping("/reports")
        @Offload(onWaitTimeout = OnWaitTimeout.CANCEL, promotion = PromotionMode.AT_ONCE)
        public String create() {
            return "";
        }
    }

    @RestController
    public static class TwoOfOneType {
        @PostMapping("/reports")
        @Offload(value = "report", maxConcurrent = 4)
        public String create() {
            return "";
        }

        @PostMapping("/summaries")
        @Offload(value = "report", maxConcurrent = 2)
        public String summary() {
            return "";
        }
    }

    @RestController
    public static class WrongType {
        @PostMapping("/reports")
        @Offload("sales report")
        public String create() {
            return "";
        }
    }

    /** No endpoint, and no way to give its caller a job. */
    public static class PlainResult {
        @Offload
        public int count() {
            return 1;
        }
    }

    /** Cannot be proxied. */
    public static class FinalCall {
        @Offload
        public final Outcome<Integer> count() {
            return new Outcome.Done<>(1);
        }
    }

    /** Takes more than a payload. */
    public static class WrongHandler {
        @JobHandler("mail")
        public void send(String to, String text) {}
    }

    /** Two for one type. */
    public static class TwoHandlers {
        @JobHandler("mail")
        public void send(String text) {}

        @JobHandler("mail")
        public void sendAgain(String text) {}
    }

    /** Nothing brings up to date what was enqueued in version 1. */
    @Configuration(proxyBeanMethods = false)
    public static class NoUpcaster {
        @Bean
        PayloadCodec codec() {
            return JacksonPayloadCodec.create();
        }

        @JobHandler(value = "mail", version = 2)
        public void send(String recipient) {}
    }
}
