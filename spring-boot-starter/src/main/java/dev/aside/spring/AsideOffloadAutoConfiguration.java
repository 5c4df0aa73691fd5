package dev.aside.spring;

import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.spi.ContextCarrier;
import dev.aside.offload.spi.JobStore;
import dev.aside.spring.offload.JobHandlerBeans;
import dev.aside.spring.offload.JsonPayloadCodec;
import dev.aside.spring.offload.LocaleCarrier;
import dev.aside.spring.offload.LoggingContext;
import dev.aside.spring.offload.OffloadDrain;
import dev.aside.spring.offload.OffloadedCallAdvisor;
import dev.aside.spring.offload.OffloadedMethods;
import dev.aside.spring.offload.PropagatedContext;
import dev.aside.spring.offload.SecurityCarrier;
import dev.aside.spring.offload.TraceCarrier;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.SecurityContextHolder;
import tools.jackson.databind.json.JsonMapper;

/**
 * Offloads calls of bean methods with {@code @Offload}, registers {@code @JobHandler} beans, takes context along to
 * workers, and lets unfinished work end with the application.
 */
@AutoConfiguration(
        after = AsideAutoConfiguration.class,
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@Import(AsideAnnotationAutoConfiguration.AutoProxying.class)
public final class AsideOffloadAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static OffloadedCallAdvisor asideOffloadedCallAdvisor(
            ObjectProvider<OffloadedMethods> methods, ObjectProvider<OffloadExecutor> offload) {
        return new OffloadedCallAdvisor(AsideDurationConverter::parse, methods::getObject, offload::getObject);
    }

    @Bean
    static JobHandlerBeans asideJobHandlerBeans(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<OffloadExecutor> offload,
            ObjectProvider<OffloadedMethods> methods) {
        boolean inMemory = beans.getBeanNamesForType(JobStore.class, true, false).length == 0;
        return new JobHandlerBeans(beans, offload::getObject, methods::getObject, inMemory);
    }

    @Bean
    @Order(10)
    ContextCarrier asideLocaleCarrier() {
        return LocaleCarrier.carrier();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnSingleCandidate(OffloadExecutor.class)
    static class DrainConfiguration {
        @Bean
        OffloadDrain asideOffloadDrain(OffloadExecutor offload, ApplicationContext context) {
            return new OffloadDrain(offload, context);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ContextSnapshotFactory.class)
    static class PropagationConfiguration {
        @Bean
        @Order(0) // so that what is carried by itself has the last word
        ContextCarrier asidePropagatedContext() {
            return new PropagatedContext();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MDC.class)
    static class LoggingConfiguration {
        @Bean
        @Order(10)
        ContextCarrier asideLoggingContext(AsideProperties properties) {
            return LoggingContext.carrier(properties.offload().mdc());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Propagator.class)
    static class TracingConfiguration {
        @Bean
        @Order(20) // what the span says to the logging context has the last word
        ContextCarrier asideTraceCarrier(ObjectProvider<Tracer> tracer, ObjectProvider<Propagator> propagator) {
            return new TraceCarrier(
                    tracer.getIfUnique(() -> Tracer.NOOP), propagator.getIfUnique(() -> Propagator.NOOP));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SecurityContextHolder.class)
    static class SecurityConfiguration {
        @Bean
        @Order(10)
        ContextCarrier asideSecurityCarrier() {
            return new SecurityCarrier();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JsonMapper.class)
    @ConditionalOnBean(JsonMapper.class)
    static class JsonConfiguration {
        @Bean
        StandardCodec asideStandardCodec(ObjectProvider<JsonMapper> mapper) {
            return () -> new JsonPayloadCodec(mapper.getObject());
        }
    }
}
