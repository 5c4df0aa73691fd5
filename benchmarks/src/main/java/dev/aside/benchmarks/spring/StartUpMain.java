package dev.aside.benchmarks.spring;

import dev.aside.spring.AsideAnnotationAutoConfiguration;
import dev.aside.spring.AsideAutoConfiguration;
import dev.aside.spring.AsideCacheManagerAutoConfiguration;
import java.util.Arrays;
import java.util.Locale;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the starter adds to the start of an application: the first start of this JVM is thrown away, then contexts with and
 * without it are started in turns, and medians and beans are printed. An argument is the number of turns.
 */
public final class StartUpMain {
    private StartUpMain() {}

    /** Spring's annotations over Spring's own manager. */
    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Without {
        @Bean
        SpringHitBenchmark.CacheableProducts cacheable() {
            return new SpringHitBenchmark.CacheableProducts();
        }

        @Bean
        org.springframework.cache.CacheManager cacheManager() {
            return new org.springframework.cache.concurrent.ConcurrentMapCacheManager();
        }
    }

    /** The same over Aside's, with its annotations too. */
    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    @ImportAutoConfiguration({
        AsideAutoConfiguration.class,
        AsideAnnotationAutoConfiguration.class,
        AsideCacheManagerAutoConfiguration.class
    })
    static class With {
        @Bean
        SpringHitBenchmark.CacheableProducts cacheable() {
            return new SpringHitBenchmark.CacheableProducts();
        }
    }

    /** Starts and prints. */
    @SuppressWarnings("SystemOut") // its output is what it is for
    public static void main(String[] args) {
        int turns = args.length == 0 ? 15 : Integer.parseInt(args[0]);
        start(With.class);
        double[] without = new double[turns];
        double[] with = new double[turns];
        for (int i = 0; i < turns; i++) {
            without[i] = start(Without.class);
            with[i] = start(With.class);
        }
        Arrays.sort(without);
        Arrays.sort(with);
        System.out.printf(
                Locale.ROOT,
                "start without / with the starter, ms, median of %d: %.0f / %.0f; beans: %d / %d%n",
                turns,
                without[turns / 2],
                with[turns / 2],
                beans(Without.class),
                beans(With.class));
    }

    private static double start(Class<?> application) {
        long begin = System.nanoTime();
        run(application).close();
        return (System.nanoTime() - begin) / 1e6;
    }

    private static int beans(Class<?> application) {
        try (ConfigurableApplicationContext context = run(application)) {
            return context.getBeanDefinitionCount();
        }
    }

    private static ConfigurableApplicationContext run(Class<?> application) {
        SpringApplication app = new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .bannerMode(org.springframework.boot.Banner.Mode.OFF)
                .build();
        return app.run();
    }
}
