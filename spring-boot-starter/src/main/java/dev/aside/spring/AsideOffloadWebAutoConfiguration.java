package dev.aside.spring;

import dev.aside.offload.http.CompletionProfile;
import dev.aside.offload.spi.ContextCarrier;
import dev.aside.spring.offload.web.CallerIdentity;
import dev.aside.spring.offload.web.Callers;
import dev.aside.spring.offload.web.OffloadEndpoints;
import dev.aside.spring.offload.web.OffloadHandlerAdapter;
import dev.aside.spring.offload.web.ResponseCodec;
import dev.aside.spring.offload.web.ServedHandler;
import dev.aside.spring.offload.web.WebOptions;
import jakarta.servlet.Servlet;
import java.security.Principal;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Serves {@code @Offload} on the handler methods of Spring MVC, and the addresses of their jobs. Without such a method
 * there are no addresses either.
 */
@AutoConfiguration(
        after = AsideAutoConfiguration.class,
        afterName = "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({Servlet.class, DispatcherServlet.class})
@ConditionalOnBean(RequestMappingHandlerMapping.class)
public final class AsideOffloadWebAutoConfiguration {
    private static final DataSize UPLOAD = DataSize.ofMegabytes(10);

    @Bean
    @ConditionalOnMissingBean
    CallerIdentity asideCallerIdentity() {
        return request -> {
            Principal user = request.getUserPrincipal();
            return user == null ? null : user.getName();
        };
    }

    @Bean
    Callers asideCallers(CallerIdentity identity) {
        return new Callers(identity);
    }

    @Bean
    ContextCarrier asideCallerCarrier(Callers callers) {
        return callers.carrier();
    }

    @Bean
    ResultCodec asideResultCodec() {
        return ResponseCodec::new;
    }

    @Bean
    OffloadEndpoints asideOffloadEndpoints(
            ApplicationContext context, AsideProperties properties, Environment environment, Callers callers) {
        AsideProperties.Http http = properties.offload().http();
        WebOptions options = new WebOptions(
                Objects.requireNonNullElse(http.path(), HttpFactory.PATH),
                () -> HttpFactory.contract(http, environment),
                Objects.requireNonNullElse(http.profile(), CompletionProfile.REDIRECT),
                Objects.requireNonNullElse(http.maxUpload(), UPLOAD).toBytes(),
                method -> OffloadFactory.rules(properties.offload(), method));
        return new OffloadEndpoints(context, options, callers);
    }

    @Bean
    OffloadHandlerAdapter asideOffloadHandlerAdapter(OffloadEndpoints endpoints) {
        return new OffloadHandlerAdapter(endpoints);
    }

    @Bean
    static WebMvcConfigurer asideServedConfigurer() {
        return new WebMvcConfigurer() {
            @Override
            public void addReturnValueHandlers(List<HandlerMethodReturnValueHandler> handlers) {
                handlers.add(new ServedHandler());
            }
        };
    }
}
