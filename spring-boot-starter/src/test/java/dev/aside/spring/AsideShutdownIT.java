package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aside.cache.Answer;
import dev.aside.cache.Cache;
import dev.aside.cache.CacheProbe;
import dev.aside.cache.Caches;
import dev.aside.cache.redis.RedisTier;
import dev.aside.spring.OperationsShop.Barrier;
import dev.aside.testkit.RedisServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class AsideShutdownIT {
    private static final String NAMESPACE = "ops-shutdown";

    @Test
    void request_runningWhileTheApplicationEnds_stillHasItsCaches() throws Exception {
        OperationsShop shop = OperationsShop.start(
                "aside.redis.uri=" + RedisServer.shared().uri(), "aside.redis.namespace=" + NAMESPACE);
        try (shop) {
            RedisTier tier = shop.bean(RedisTier.class);
            Barrier barrier = shop.bean(Barrier.class);
            CompletableFuture<HttpResponse<String>> last = shop.getLater("/last/7");
            assertThat(barrier.entered.await(10, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Void> end = CompletableFuture.runAsync(shop::close);
            Awaitility.await().until(() -> refusesConnections(shop.port()));
            barrier.open.countDown();

            assertThat(last.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(last.get().body()).isEqualTo("the last of 7");
            end.get(20, TimeUnit.SECONDS);
            assertThatThrownBy(() -> tier.clear("stock"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is closed");
        }
        assertThatValueReachedRedis();
    }

    @Test
    void beans_whenTheApplicationEnds_endBeforeWhatTheyUse() {
        try (OperationsShop shop = OperationsShop.start(
                "aside.redis.uri=" + RedisServer.shared().uri(), "aside.redis.namespace=" + NAMESPACE)) {
            assertThat(shop.context().getBeanFactory().getDependentBeans("asideRedisTier"))
                    .contains("asideCaches");
            assertThat(shop.context().getBeanFactory().getDependentBeans("asideCaches"))
                    .contains("asideOffloadExecutor");
        }
    }

    private static void assertThatValueReachedRedis() {
        try (Caches caches = Caches.builder()
                        .remote(RedisTier.builder()
                                .uri(RedisServer.shared().uri())
                                .namespace(NAMESPACE)
                                .build())
                        .build();
                CacheProbe probe = CacheProbe.open()) {
            Cache<Long, String> stock = caches.cache("stock", Long.class, String.class);
            assertThat(stock.get(7L, key -> "lost")).isEqualTo("the last of 7");
            assertThat(probe.answers()).extracting(Answer::level).isEqualTo(List.of(Answer.Level.L2));
        }
    }

    private static boolean refusesConnections(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (ConnectException e) {
            return true;
        }
    }
}
