package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.offload.spi.ContextCarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.FilteredClassLoader;

/** Each optional library of offloaded work may be absent. */
class OptionalOffloadLibrariesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.slf4j",
                "io.micrometer.context",
                "io.micrometer.tracing",
                "org.springframework.security",
                "tools.jackson",
                "org.springframework.web",
                "jakarta.servlet",
                "org.springframework.boot.actuate",
            })
    void application_withoutOneOfThem_offloads(String absent) {
        FailedStart.CALLS
                .withClassLoader(new FilteredClassLoader(absent))
                .withPropertyValues("aside.offload.threshold=20s")
                .run(context -> assertThat(
                                context.getBean(OffloadExecutor.class).call("sum", job -> 1 + 1))
                        .isEqualTo(new Outcome.Done<>(2)));
    }

    @Test
    void carriers_ofAbsentLibraries_areLeftOut() {
        FailedStart.CALLS
                .withClassLoader(new FilteredClassLoader(
                        "org.slf4j", "io.micrometer.context", "io.micrometer.tracing", "org.springframework.security"))
                .run(context -> assertThat(context.getBeansOfType(ContextCarrier.class))
                        .containsOnlyKeys("asideLocaleCarrier"));
    }
}
