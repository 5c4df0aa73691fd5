package dev.aside.spring;

import dev.aside.spring.offload.OffloadedMethod;
import dev.aside.spring.offload.OffloadedMethods;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/**
 * Refuses {@code @Offload} on handler methods of WebFlux: nobody would act on it, and clients would wait as if it were not
 * there.
 */
@AutoConfiguration(after = AsideAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class AsideOffloadReactiveAutoConfiguration {

    @Bean
    static SmartInitializingSingleton asideReactiveEndpoints(ObjectProvider<OffloadedMethods> methods) {
        return () -> {
            List<OffloadedMethod> endpoints = methods.getObject().endpoints();
            if (!endpoints.isEmpty()) {
                throw endpoints
                        .get(0)
                        .refused(
                                "@Offload on a handler method is served by Spring MVC, and this is a WebFlux application",
                                "use spring-boot-starter-webmvc, or return Mono.fromCompletionStage of"
                                        + " OffloadExecutor.callAsync and answer by HttpContract yourself");
            }
        };
    }
}
