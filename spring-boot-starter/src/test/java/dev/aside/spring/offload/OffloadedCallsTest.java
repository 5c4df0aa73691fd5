package dev.aside.spring.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.offload.JobContext;
import dev.aside.offload.JobHandle;
import dev.aside.offload.JobType;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.offload.annotation.JobHandler;
import dev.aside.offload.annotation.Offload;
import dev.aside.spring.AsideAutoConfiguration;
import dev.aside.spring.AsideOffloadAutoConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

/** Offloaded methods of beans that are no endpoints, and job handlers. */
@Timeout(60)
class OffloadedCallsTest {
    private final ApplicationContextRunner boot = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(AsideAutoConfiguration.class, AsideOffloadAutoConfiguration.class))
            .withPropertyValues("aside.offload.drain=0s")
            .withBean(Reports.class)
            .withBean(Mails.class);

    static class Reports {
        private final CountDownLatch gate = new CountDownLatch(1);

        void open() {
            gate.countDown();
        }

        @Offload(threshold = "20s")
        Outcome<String> fast(String month, JobContext context) {
            return new Outcome.Done<>(month + " by " + context.type());
        }

        @Offload("slow-report")
        Outcome<String> slow(String month) throws InterruptedException {
            gate.await();
            return new Outcome.Done<>(month);
        }

        @Offload(threshold = "20s")
        Outcome<String> failing() throws IOException {
            throw new IOException("disk");
        }

        @Offload
        CompletionStage<String> later(String month) {
            return CompletableFuture.supplyAsync(() -> {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return month;
            });
        }

        @Offload
        CompletableFuture<String> failingLater() {
            return CompletableFuture.failedFuture(new IOException("disk"));
        }

        @Offload(threshold = "20s")
        Outcome<String> context() {
            var authentication = SecurityContextHolder.getContext().getAuthentication();
            return new Outcome.Done<>(MDC.get("trace") + " "
                    + LocaleContextHolder.getLocale().toLanguageTag() + " "
                    + (authentication == null ? "nobody" : authentication.getName()));
        }
    }

    static class Mails {
        @JobHandler("mail")
        String send(String to, JobContext context) {
            return "to " + to + " " + LocaleContextHolder.getLocale().toLanguageTag();
        }
    }

    @Test
    void outcome_doneInTime_isDone() {
        boot.run(context -> assertThat(context.getBean(Reports.class).fast("2026-01", null))
                .isEqualTo(new Outcome.Done<>("2026-01 by Reports.fast")));
    }

    @Test
    void outcome_slow_isAJobOfItsType() {
        boot.run(context -> {
            Reports reports = context.getBean(Reports.class);
            JobHandle<String> job = reports.slow("2026-02").fold(done -> null, promoted -> promoted);
            assertThat(job.type()).isEqualTo("slow-report");
            assertThat(context.getBean(OffloadExecutor.class).find(job.id())).isPresent();
            reports.open();
            assertThat(job.await(Duration.ofSeconds(20))).isTrue();
            assertThat(job.result()).isEqualTo("2026-02");
        });
    }

    @Test
    void outcome_failing_throwsWhatTheMethodThrew() {
        boot.run(context -> assertThatThrownBy(
                        () -> context.getBean(Reports.class).failing())
                .isInstanceOf(IOException.class)
                .hasMessage("disk"));
    }

    @Test
    void stage_pastTheThreshold_completesAllTheSame() {
        boot.run(context -> {
            Reports reports = context.getBean(Reports.class);
            CompletableFuture<String> later = reports.later("2026-03").toCompletableFuture();
            assertThat(later).isNotDone();
            reports.open();
            assertThat(later.get(20, TimeUnit.SECONDS)).isEqualTo("2026-03");
        });
    }

    @Test
    void stage_failing_failsAsTheMethodsOwn() {
        boot.run(context -> assertThatThrownBy(
                        () -> context.getBean(Reports.class).failingLater().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IOException.class));
    }

    @Test
    void context_ofTheCaller_isOnTheWorker() {
        boot.run(context -> {
            MDC.put("trace", "t1");
            LocaleContextHolder.setLocale(Locale.CANADA_FRENCH);
            SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("alice", "s3cret"));
            try {
                assertThat(context.getBean(Reports.class).context()).isEqualTo(new Outcome.Done<>("t1 fr-CA alice"));
            } finally {
                MDC.clear();
                LocaleContextHolder.resetLocaleContext();
                SecurityContextHolder.clearContext();
            }
            LocaleContextHolder.setLocale(Locale.UK);
            try {
                assertThat(context.getBean(Reports.class).context()).isEqualTo(new Outcome.Done<>("null en-GB nobody"));
            } finally {
                LocaleContextHolder.resetLocaleContext();
            }
        });
    }

    @Test
    void handler_ofABean_doesItsJobsWithStoredContext() {
        boot.run(context -> {
            OffloadExecutor offload = context.getBean(OffloadExecutor.class);
            LocaleContextHolder.setLocale(Locale.CANADA_FRENCH);
            JobHandle<String> job;
            try {
                job = offload.jobs().enqueue(JobType.of("mail", String.class, String.class), "alice");
            } finally {
                LocaleContextHolder.resetLocaleContext();
            }
            assertThat(job.await(Duration.ofSeconds(20))).isTrue();
            assertThat(job.result()).isEqualTo("to alice fr-CA");
            assertThat(job.status().record().context().toString()).doesNotContain("s3cret");
        });
    }

    @Test
    void annotatedTypes_whereTypesAreDeclared_areKnown() {
        boot.withPropertyValues("aside.offload.declared-types-only=true", "aside.offload.types.mail.max-concurrent=1")
                .run(context -> {
                    assertThat(context.getBean(Reports.class).fast("2026-01", null))
                            .isNotNull();
                    assertThatThrownBy(
                                    () -> context.getBean(OffloadExecutor.class).call("other", job -> 1))
                            .isInstanceOf(IllegalArgumentException.class);
                });
    }
}
