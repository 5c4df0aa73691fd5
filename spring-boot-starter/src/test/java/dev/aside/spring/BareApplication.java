package dev.aside.spring;

import dev.aside.cache.Caches;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** An application that uses a cache and nothing else; public for a class loader of its own to call it. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class BareApplication {

    /** Starts, reads a value and ends. */
    public static String run() {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(BareApplication.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .properties(
                        "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure"
                                + ".DataSourceAutoConfiguration",
                        "management.endpoints.web.exposure.include=*")
                .run()) {
            return context.getBean(Caches.class)
                    .cache("values", String.class, String.class)
                    .get("k", key -> "loaded");
        }
    }
}
