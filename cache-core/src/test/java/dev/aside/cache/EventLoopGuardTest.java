package dev.aside.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** On the event loops of the real libraries, and on their worker threads, which look much the same. */
class EventLoopGuardTest {

    /** Runs a task on one of their threads. */
    private enum Loop {
        REACTOR {
            @Override
            <T> T on(Callable<T> task) throws Exception {
                Scheduler scheduler = Schedulers.newParallel("reactor-test", 1);
                try {
                    return run(scheduler::schedule, task);
                } finally {
                    scheduler.dispose();
                }
            }
        },
        NETTY {
            @Override
            <T> T on(Callable<T> task) throws Exception {
                MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
                try {
                    return run(group, task);
                } finally {
                    group.shutdownGracefully();
                }
            }
        },
        VERTX {
            @Override
            <T> T on(Callable<T> task) throws Exception {
                Vertx vertx = Vertx.vertx();
                try {
                    return run(step -> vertx.runOnContext(nothing -> step.run()), task);
                } finally {
                    vertx.close();
                }
            }
        };

        abstract <T> T on(Callable<T> task) throws Exception;
    }

    /** Threads of the same libraries that are there to be blocked. */
    private enum Worker {
        REACTOR {
            @Override
            <T> T on(Callable<T> task) throws Exception {
                return run(Schedulers.boundedElastic()::schedule, task);
            }
        },
        NETTY {
            @Override
            <T> T on(Callable<T> task) throws Exception {
                DefaultEventExecutorGroup group = new DefaultEventExecutorGroup(1);
                try {
                    return run(group, task);
                } finally {
                    group.shutdownGracefully();
                }
            }
        },
        VERTX {
            @Override
            <T> T on(Callable<T> task) throws Exception {
                Vertx vertx = Vertx.vertx();
                try {
                    return run(
                            step -> vertx.executeBlocking(() -> {
                                step.run();
                                return null;
                            }),
                            task);
                } finally {
                    vertx.close();
                }
            }
        };

        abstract <T> T on(Callable<T> task) throws Exception;
    }

    private static <T> T run(Executor executor, Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception inner ? inner : e;
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_missOnEventLoop_isRefusedWithTheAsyncMethodAndLoadsNothing(Loop loop) {
        try (Caches caches = Level.REMOTE.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            assertThatThrownBy(() -> loop.on(() -> cache.get("k", key -> "value")))
                    .isInstanceOfSatisfying(
                            BlockingCallException.class,
                            refused -> assertThat(refused.cache()).isEqualTo("c"))
                    .hasMessageContaining("a call of cache 'c' would block the event loop '")
                    .hasMessageContaining("[hint: use Cache.getAsync,");
            assertThatThrownBy(() -> loop.on(() -> cache.getAll(List.of("k"), keys -> Map.of())))
                    .hasMessageContaining("[hint: use Cache.getAllAsync,");
            assertThatThrownBy(() -> loop.on(() -> {
                        cache.invalidate("k");
                        return "";
                    }))
                    .hasMessageContaining("[hint: use invalidateAllAsync,");
            assertThat(cache.stats().loads()).isZero();
            assertThat(cache.stats().invalidations()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesAndReloads_onEventLoop_areRefusedWithTheAsyncMethod(Loop loop) {
        try (Caches caches = Level.REMOTE.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            refused(loop, () -> cache.put("k", "v"), "Cache.putAsync");
            refused(loop, () -> cache.writeThrough("k", () -> "v"), "Cache.writeThroughAsync");
            refused(loop, () -> cache.refresh("k", key -> "v"), "Cache.refreshAsync");
            refused(loop, () -> cache.invalidateTag("t"), "invalidateTagAsync");
            refused(loop, () -> cache.invalidateAndWait(List.of("k")), "Cache.invalidateAndWaitAsync");
            assertThat(cache.stats().loads()).isZero();
            assertThat(cache.stats().puts()).isZero();
        }
    }

    private static void refused(Loop loop, Runnable call, String instead) {
        assertThatThrownBy(() -> loop.on(() -> {
                    call.run();
                    return "";
                }))
                .isExactlyInstanceOf(BlockingCallException.class)
                .hasMessageContaining("[hint: use " + instead + ",");
    }

    @ParameterizedTest
    @EnumSource
    void hitAndAsyncMethods_onEventLoop_answer(Loop loop) throws Exception {
        try (Caches caches = Level.REMOTE.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            CompletableFuture<String> future =
                    loop.on(() -> cache.getAsync("k", key -> CompletableFuture.completedFuture("value")));
            assertThat(future.join()).isEqualTo("value");
            assertThat(loop.on(() -> cache.get("k", key -> "unused"))).isEqualTo("value");
            assertThat(loop.on(() -> cache.getAll(List.of("k"), keys -> Map.of())))
                    .containsEntry("k", "value");
            loop.on(() -> cache.invalidateAllAsync(List.of("k"))).join();
            assertThat(cache.peek("k")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_missOnWorkerThread_loads(Worker worker) throws Exception {
        try (Caches caches = Level.REMOTE.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            assertThat(worker.on(() -> cache.get("k", key -> "value"))).isEqualTo("value");
        }
    }

    interface Products {
        @Cached(name = "product")
        String find(String sku);

        @CacheInvalidate(name = "product")
        void save(String sku);
    }

    @Test
    void proxy_writeOnEventLoop_isRefusedBeforeTheWrite() {
        List<String> calls = new ArrayList<>();
        Products target = new Products() {
            @Override
            public String find(String sku) {
                return sku;
            }

            @Override
            public void save(String sku) {
                calls.add("save " + sku);
            }
        };
        try (Caches caches = Level.REMOTE.caches().build()) {
            Products products = caches.proxy(Products.class, target);
            assertThatThrownBy(() -> Loop.NETTY.on(() -> products.find("a"))).isInstanceOf(BlockingCallException.class);
            assertThatThrownBy(() -> Loop.NETTY.on(() -> {
                        products.save("a");
                        return "";
                    }))
                    .isInstanceOf(BlockingCallException.class);
            assertThat(calls).isEmpty();
        }
    }

    @Test
    void invalidate_localOnly_neverWaitsAndIsNotRefused() throws Exception {
        try (Caches caches = Level.LOCAL.caches().build()) {
            Cache<String, String> cache = caches.cache("c", String.class, String.class);
            cache.get("k", key -> "value");
            Loop.REACTOR.on(() -> {
                cache.invalidate("k");
                return "";
            });
            assertThat(cache.peek("k")).isNull();
        }
    }

    @Test
    void warnAndOff_missOnEventLoop_load() throws Exception {
        List<String> messages = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                messages.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(BlockingCalls.class.getName());
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try (Caches warning =
                        Caches.builder().eventLoopGuard(EventLoopGuard.WARN).build();
                Caches off = Caches.builder().eventLoopGuard(EventLoopGuard.OFF).build()) {
            Cache<String, String> cache = warning.cache("c", String.class, String.class);
            assertThat(Loop.REACTOR.on(() -> cache.get("k", key -> "value"))).isEqualTo("value");
            assertThat(Loop.REACTOR.on(() -> cache.get("l", key -> "value"))).isEqualTo("value");
            assertThat(messages).containsExactly("logged once for cache 'c'");
            Cache<String, String> quiet = off.cache("d", String.class, String.class);
            assertThat(Loop.REACTOR.on(() -> quiet.get("k", key -> "value"))).isEqualTo("value");
            assertThat(messages).hasSize(1);
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }
}
