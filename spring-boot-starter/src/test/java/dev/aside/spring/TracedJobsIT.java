package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import brave.Tracing;
import dev.aside.offload.JobContext;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.annotation.JobHandler;
import dev.aside.testkit.RedisServer;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A named job that is done on another node is part of its caller's trace. */
@Timeout(60)
class TracedJobsIT {
    private final ApplicationContextRunner node = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    JacksonAutoConfiguration.class,
                    AsideJobStoreAutoConfiguration.class,
                    AsideAutoConfiguration.class,
                    AsideOffloadAutoConfiguration.class))
            .withUserConfiguration(Traces.class)
            .withPropertyValues(
                    "aside.offload.redis.uri=" + RedisServer.shared().uri(), "aside.offload.redis.namespace=traced");

    @Configuration(proxyBeanMethods = false)
    static class Traces {
        @Bean(destroyMethod = "close")
        Tracing brave() {
            return Tracing.newBuilder().propagationFactory(new W3CPropagation()).build();
        }

        @Bean
        Tracer tracer(Tracing brave) {
            return new BraveTracer(brave.tracer(), new BraveCurrentTraceContext(brave.currentTraceContext()));
        }

        @Bean
        Propagator propagator(Tracing brave) {
            return new BravePropagator(brave);
        }
    }

    /** On one node only. */
    static class Mails {
        private final Tracer tracer;

        Mails(Tracer tracer) {
            this.tracer = tracer;
        }

        @JobHandler("traced-mail")
        String send(String to, JobContext job) {
            Span span = tracer.currentSpan();
            return span == null
                    ? "none"
                    : span.context().traceId() + " below " + span.context().parentId();
        }
    }

    @Test
    @SuppressWarnings("try") // a scope is there to be closed
    void namedJob_doneElsewhere_isPartOfTheCallersTrace() {
        node.run(here -> node.withBean(Mails.class).run(there -> {
            Tracer tracer = here.getBean(Tracer.class);
            Span span = tracer.nextSpan().start();
            JobHandle<String> job;
            try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
                job = enqueued(here.getBean(OffloadExecutor.class));
            }
            assertThat(job.await(Duration.ofSeconds(30))).isTrue();
            assertThat(job.result())
                    .isEqualTo(span.context().traceId() + " below "
                            + span.context().spanId());
            JobHandle<String> untraced = enqueued(here.getBean(OffloadExecutor.class));
            assertThat(untraced.await(Duration.ofSeconds(30))).isTrue();
            assertThat(untraced.result()).isEqualTo("none");
        }));
    }

    private static JobHandle<String> enqueued(OffloadExecutor offload) {
        return offload.jobs().enqueue(JobType.of("traced-mail", String.class, String.class), "alice");
    }
}
