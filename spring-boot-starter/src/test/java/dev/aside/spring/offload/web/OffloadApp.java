package dev.aside.spring.offload.web;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** An application with a web server on a free port. */
public final class OffloadApp extends WebNode {
    private final ConfigurableApplicationContext context;

    private OffloadApp(ConfigurableApplicationContext context) {
        super(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
        this.context = context;
    }

    /** With beans of these classes, and these properties on top of what a test needs. */
    public static OffloadApp start(List<Class<?>> beans, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "server.tomcat.threads.max=8",
                "server.shutdown=immediate",
                "aside.offload.http.hosts=127.0.0.1",
                "aside.offload.drain=0s",
                "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                        + "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration"));
        all.addAll(List.of(properties));
        return new OffloadApp(new SpringApplicationBuilder(Root.class)
                .sources(beans.toArray(new Class<?>[0]))
                .web(WebApplicationType.SERVLET)
                .bannerMode(Banner.Mode.OFF)
                .properties(all.toArray(new String[0]))
                .run());
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Root {}

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    @Override
    public void close() {
        context.close();
    }
}
