package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.BlockingCallException;
import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.EventLoopGuard;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import reactor.core.scheduler.NonBlocking;

/** Customizer beans come after the properties and in their order; and the properties they win over. */
class CustomizersTest {
    private final ApplicationContextRunner boot = FailedStart.BOOT;

    @Test
    void customizers_withOrders_runInThatOrder() {
        boot.withUserConfiguration(Ordered.class)
                .run(context ->
                        assertThat(context.getBean(Ordered.class).order).containsExactly("first", "second", "last"));
    }

    @Test
    void eventLoopGuard_default_refuses() {
        boot.run(context -> {
            assertThat(onEventLoop(() -> load(context.getBean(Caches.class))))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(BlockingCallException.class);
            assertThat(onEventLoop(() -> call(context.getBean(OffloadExecutor.class))))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void eventLoopGuard_propertyOff_letsBothHalvesBlock() {
        boot.withPropertyValues("aside.event-loop-guard=off").run(context -> {
            assertThat(onEventLoop(() -> load(context.getBean(Caches.class))))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo("loaded");
            assertThat(onEventLoop(() -> call(context.getBean(OffloadExecutor.class))))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(new Outcome.Done<>(1));
        });
    }

    @Test
    void cachesCustomizer_againstProperty_wins() {
        boot.withPropertyValues("aside.event-loop-guard=off")
                .withUserConfiguration(Refusing.class)
                .run(context -> assertThat(onEventLoop(() -> load(context.getBean(Caches.class))))
                        .failsWithin(Duration.ofSeconds(10))
                        .withThrowableThat()
                        .withCauseInstanceOf(BlockingCallException.class));
    }

    @Test
    void offloadCustomizer_againstProperty_wins() {
        boot.withPropertyValues("aside.offload.threshold=60s", "aside.offload.drain=0s")
                .withUserConfiguration(Impatient.class)
                .run(context -> {
                    CountDownLatch end = new CountDownLatch(1);
                    try {
                        assertThat(context.getBean(OffloadExecutor.class).call("slow", job -> {
                                    end.await();
                                    return 1;
                                }))
                                .isInstanceOf(Outcome.Promoted.class);
                    } finally {
                        end.countDown();
                    }
                });
    }

    private static String load(Caches caches) {
        Cache<String, String> cache = caches.cache("values", String.class, String.class);
        return cache.get("key", key -> "loaded");
    }

    private static Outcome<Integer> call(OffloadExecutor offload) throws Exception {
        return offload.call("quick", job -> 1);
    }

    private static <T> CompletableFuture<T> onEventLoop(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        new EventLoop(() -> {
                    try {
                        result.complete(work.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                })
                .start();
        return result;
    }

    /** What Reactor's threads are known by. */
    private static final class EventLoop extends Thread implements NonBlocking {
        EventLoop(Runnable work) {
            super(work, "event-loop");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Ordered {
        final List<String> order = new CopyOnWriteArrayList<>();

        @Bean
        CachesCustomizer unordered() {
            return builder -> order.add("last");
        }

        @Bean
        @Order(2)
        CachesCustomizer second() {
            return builder -> order.add("second");
        }

        @Bean
        @Order(1)
        CachesCustomizer first() {
            return builder -> order.add("first");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Refusing {
        @Bean
        CachesCustomizer refusing() {
            return builder -> builder.eventLoopGuard(EventLoopGuard.REFUSE);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Impatient {
        @Bean
        OffloadCustomizer impatient() {
            return builder -> builder.threshold(Duration.ZERO);
        }
    }
}
