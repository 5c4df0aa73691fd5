package dev.aside.spring;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

/** Starts applications that cannot start, and asks the analyzers that Boot would ask, in its order, for the reason. */
final class FailedStart {
    static final ApplicationContextRunner BOOT = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AsideAutoConfiguration.class,
                    AsideRedisAutoConfiguration.class,
                    AsideAnnotationAutoConfiguration.class,
                    AsideCacheInterceptorAutoConfiguration.class,
                    AsideCacheManagerAutoConfiguration.class));

    private static final AutoConfigurations OFFLOAD = AutoConfigurations.of(
            AsideAutoConfiguration.class,
            AsideOffloadAutoConfiguration.class,
            AsideOffloadReactiveAutoConfiguration.class,
            AsideOffloadWebAutoConfiguration.class);

    /** Offloads calls of beans. */
    static final ApplicationContextRunner CALLS = new ApplicationContextRunner().withConfiguration(OFFLOAD);

    /** Offloads endpoints of Spring MVC. */
    static final WebApplicationContextRunner SERVLET = new WebApplicationContextRunner()
            .withConfiguration(OFFLOAD)
            .withConfiguration(AutoConfigurations.of(
                    WebMvcAutoConfiguration.class,
                    HttpMessageConvertersAutoConfiguration.class,
                    DispatcherServletAutoConfiguration.class));

    /** A WebFlux application. */
    static final ReactiveWebApplicationContextRunner REACTIVE =
            new ReactiveWebApplicationContextRunner().withConfiguration(OFFLOAD);

    private FailedStart() {}

    /** What is reported, in the words and the form of Boot's report. */
    static <
                    S extends AbstractApplicationContextRunner<S, C, A>,
                    C extends ConfigurableApplicationContext,
                    A extends ApplicationContextAssertProvider<C>>
            String report(AbstractApplicationContextRunner<S, C, A> boot) {
        AtomicReference<ConfigurableApplicationContext> context = new AtomicReference<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        boot.withInitializer(context::set).run(started -> failure.set(started.getStartupFailure()));
        if (failure.get() == null) {
            throw new AssertionError("the application started");
        }
        FailureAnalysis analysis = analysis(context.get(), failure.get());
        return "Description:\n\n" + analysis.getDescription() + "\n\nAction:\n\n" + analysis.getAction() + "\n";
    }

    private static FailureAnalysis analysis(ConfigurableApplicationContext context, Throwable failure) {
        ArgumentResolver arguments = ArgumentResolver.of(BeanFactory.class, context.getBeanFactory())
                .and(Environment.class, context.getEnvironment());
        List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation(context.getClassLoader())
                .load(FailureAnalyzer.class, arguments, (type, name, notMade) -> {});
        Collections.reverse(analyzers); // as if our jar were the last on the class path
        AnnotationAwareOrderComparator.sort(analyzers);
        return analyzers.stream()
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody explains the failure", failure));
    }

    /** With properties that know their lines and columns, as those of a file do. */
    static <
                    S extends AbstractApplicationContextRunner<S, C, A>,
                    C extends ConfigurableApplicationContext,
                    A extends ApplicationContextAssertProvider<C>>
            S withYaml(AbstractApplicationContextRunner<S, C, A> boot, String yaml) {
        return boot.withInitializer(context -> read(yaml)
                .forEach(source -> context.getEnvironment().getPropertySources().addFirst(source)));
    }

    private static List<PropertySource<?>> read(String yaml) {
        try {
            return new YamlPropertySourceLoader().load("application.yaml", new Text(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Text extends AbstractResource {
        private final String text;

        Text(String text) {
            this.text = text;
        }

        @Override
        public String getDescription() {
            return "application.yaml";
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
