package dev.aside.demo.web;

import java.util.stream.Stream;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The filter, and which pages may call this node: those of the demo's nodes. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {
    private final NodeInfo node;

    WebConfiguration(NodeInfo node) {
        this.node = node;
    }

    @Bean
    FilterRegistrationBean<SourceFilter> sourceFilter() {
        FilterRegistrationBean<SourceFilter> filter = new FilterRegistrationBean<>(new SourceFilter(node.name()));
        // not the page: Tomcat closes a response behind a forward, and the filter holds the body back
        filter.addUrlPatterns(
                "/products/*",
                "/orders/*",
                "/customers/*",
                "/countries",
                "/dashboard",
                "/reports/*",
                "/thumbnails",
                "/jobs/*",
                "/admin/*");
        filter.setOrder(Ordered.LOWEST_PRECEDENCE);
        return filter;
    }

    @Override
    public void addCorsMappings(CorsRegistry registry) {
        registry.addMapping("/**")
                .allowedOrigins(node.nodes().stream()
                        .flatMap(url -> Stream.of(url, url.replace("//localhost:", "//127.0.0.1:")))
                        .toArray(String[]::new))
                .allowedMethods("GET", "POST", "PUT", "DELETE")
                .exposedHeaders(
                        SourceFilter.SOURCE,
                        SourceFilter.REASON,
                        SourceFilter.NODE,
                        HttpHeaders.LOCATION,
                        HttpHeaders.RETRY_AFTER);
    }
}
