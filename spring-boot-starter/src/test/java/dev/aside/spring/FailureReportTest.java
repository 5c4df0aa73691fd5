package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Configuration;

/** What a user finds in the log when a real application does not start. */
class FailureReportTest {
    private static final String REPORTER = "org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter";

    @TempDir
    Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(REPORTER);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE); // Boot's would take the listener away
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
        System.clearProperty(LoggingSystem.SYSTEM_PROPERTY);
    }

    @Test
    void application_misconfigured_reportsFileAndLine() throws IOException {
        Path file = Files.writeString(folder.resolve("shop.yaml"), """
                # the shop
                aside:
                  policies:
                    reference:
                      ttl: 2h
                """);
        SpringApplication application = new SpringApplication(Shop.class);
        application.setWebApplicationType(WebApplicationType.NONE);

        assertThatThrownBy(() ->
                        application.run("--spring.config.location=" + file.toUri(), "--spring.main.banner-mode=off"))
                .isInstanceOf(RuntimeException.class);

        assertThat(log.list)
                .singleElement()
                .satisfies(report -> assertThat(report.getFormattedMessage()).contains("""
                        Description:

                        ttl 2h is outside the bounds 5m..1h
                            for policy 'reference'

                            Property: aside.policies.reference.ttl
                            Value: "2h"
                            Origin: URL [file:%s] - 5:12

                        Action:

                        Choose a ttl within the bounds, or another policy.
                        """.formatted(file)));
    }

    @Test
    void application_configuredByItsEnvironment_reportsThatProperty() {
        SpringApplication application = new SpringApplication(Shop.class);
        application.setWebApplicationType(WebApplicationType.NONE);

        assertThatThrownBy(
                        () -> application.run("--aside.policies.reference.nullTtl=1h", "--spring.main.banner-mode=off"))
                .isInstanceOf(RuntimeException.class);

        assertThat(log.list)
                .singleElement()
                .satisfies(report -> assertThat(report.getFormattedMessage())
                        .contains("null-ttl 1h is longer than ttl 30m")
                        .contains("Property: aside.policies.reference.null-ttl")
                        .contains("Value: \"1h\"")
                        .contains("\"aside.policies.reference.nullTtl\" from property source \"commandLineArgs\""));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({AsideAutoConfiguration.class, AsideRedisAutoConfiguration.class})
    static class Shop {}
}
