package dev.aside.benchmarks.spring;

import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.annotation.Offload;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** A Spring MVC application on Tomcat with eight threads: a fast call, and a slow report with and without {@code @Offload}. */
final class ReportServer implements AutoCloseable {
    static final int THREADS = 8;
    static final String FAST = "fast";
    static final String REPORT = "report";

    private final ConfigurableApplicationContext context;

    private ReportServer(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * On a free port.
     *
     * @param report how long a report takes
     * @param workers how many offloaded reports run at once
     */
    static ReportServer start(Duration report, int workers) {
        return new ReportServer(new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.SERVLET)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .properties(Map.of(
                        "server.port",
                        0,
                        "server.tomcat.threads.max",
                        THREADS,
                        // users keep their connection, as behind a proxy; none is refused while threads are busy
                        "server.tomcat.max-keep-alive-requests",
                        -1,
                        "server.tomcat.keep-alive-timeout",
                        "10m",
                        "server.tomcat.accept-count",
                        2_000,
                        "bench.report",
                        report.toMillis(),
                        "aside.offload.http.hosts",
                        "127.0.0.1",
                        "aside.offload.workers",
                        workers,
                        "aside.offload.types.report.max-concurrent",
                        workers))
                .run());
    }

    String url() {
        return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    OffloadExecutor offload() {
        return context.getBean(OffloadExecutor.class);
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @RestController
        static class Reports {
            private final long millis;

            Reports(Environment environment) {
                millis = environment.getRequiredProperty("bench.report", Long.class);
            }

            @GetMapping("/fast")
            String fast() {
                return FAST;
            }

            @PostMapping("/reports/plain")
            String plain() throws InterruptedException {
                return render();
            }

            @PostMapping("/reports/offloaded")
            @Offload(REPORT)
            String offloaded() throws InterruptedException {
                return render();
            }

            /** Waits, as for a slow query. */
            private String render() throws InterruptedException {
                Thread.sleep(millis);
                return REPORT;
            }
        }
    }
}
