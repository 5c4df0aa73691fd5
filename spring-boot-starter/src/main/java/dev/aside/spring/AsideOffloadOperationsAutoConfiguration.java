package dev.aside.spring;

import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.spi.JobStore;
import dev.aside.spring.actuate.JobsView;
import dev.aside.spring.actuate.OffloadHealthIndicator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The operators' view of jobs, where there is somebody to show it: the endpoint {@code aside}, or the health contributor
 * {@code asideOffload}, which {@code management.health.asideOffload.enabled=false} turns off.
 */
@AutoConfiguration(after = AsideAutoConfiguration.class, before = AsideEndpointAutoConfiguration.class)
public final class AsideOffloadOperationsAutoConfiguration {

    /** What needs Actuator on the class path. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.OperationResponseBody")
    static class ViewConfiguration {
        @Bean
        @ConditionalOnMissingBean
        JobsView asideJobsView(ObjectProvider<OffloadExecutor> offload, ObjectProvider<JobStore> store) {
            JobStore shared = store.getIfUnique();
            String kind = shared == null
                    ? "memory of this process"
                    : shared.getClass().getSimpleName();
            return new JobsView(offload::getIfUnique, kind);
        }
    }

    /** What needs Boot's health on the class path too. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            value = HealthIndicator.class,
            name = "org.springframework.boot.actuate.endpoint.OperationResponseBody")
    @ConditionalOnEnabledHealthIndicator("asideOffload")
    static class HealthConfiguration {
        @Bean
        @ConditionalOnMissingBean(name = "asideOffloadHealthIndicator")
        OffloadHealthIndicator asideOffloadHealthIndicator(JobsView jobs) {
            return new OffloadHealthIndicator(jobs);
        }
    }
}
