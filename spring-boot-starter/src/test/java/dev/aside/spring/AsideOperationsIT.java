package dev.aside.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;
import dev.aside.cache.redis.RedisTier;
import dev.aside.offload.OffloadEvent;
import dev.aside.offload.job.JobState;
import dev.aside.spring.OperationsShop.Reply;
import dev.aside.spring.actuate.OffloadMeters;
import dev.aside.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AsideOperationsIT {
    private static final String WRITES = "management.endpoint.aside.access=unrestricted";

    @Test
    void metrics_afterKnownTraffic_tellIt() {
        try (OperationsShop shop = shop("ops-metrics");
                Node other = new Node("ops-metrics")) {
            other.stock.get(1L, key -> "theirs");
            shop.get("/stock/1");
            shop.get("/stock/2");
            shop.get("/stock/2");
            shop.get("/stock/2");
            assertThat(shop.metric("aside.cache.reads", "cache:stock", "level:l1"))
                    .isEqualTo(2);
            assertThat(shop.metric("aside.cache.reads", "cache:stock", "level:l2"))
                    .isEqualTo(1);
            assertThat(shop.metric("aside.cache.reads", "cache:stock", "level:load"))
                    .isEqualTo(1);
            assertThat(shop.metric("aside.cache.load", "cache:stock", "result:success"))
                    .isEqualTo(1);
            assertThat(shop.metric("aside.cache.size", "cache:stock")).isEqualTo(2);
            assertThat(shop.metric("aside.redis.fills", "result:stored")).isEqualTo(1);
            assertThat(shop.metric("aside.redis.round.trips")).isPositive();
            assertThat(shop.metric("aside.redis.trusted")).isEqualTo(1);
            assertThat(shop.metric("aside.redis.breaker", "state:closed")).isEqualTo(1);
            assertThat(shop.metric("aside.redis.lag")).isBetween(0.0, 10.0);
        }
    }

    @Test
    void meters_ofAnApplication_areThoseOfThePage() throws IOException {
        Set<String> documented = Pattern.compile("^\\| `(aside\\.[a-z.]+)`", Pattern.MULTILINE)
                .matcher(Files.readString(OperationsPageTest.PAGE))
                .results()
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toSet());
        try (OperationsShop shop = shop("ops-page")) {
            everyEvent(shop.bean(OffloadMeters.class));
            Set<String> there = new TreeSet<>();
            for (JsonNode name : shop.get("/actuator/metrics").body().get("names")) {
                there.add(name.asString());
            }
            there.removeIf(name -> !name.startsWith("aside."));
            assertThat(there).containsExactlyInAnyOrderElementsOf(documented);
        }
    }

    /** So that each meter that appears with its first event is there. */
    private static void everyEvent(OffloadMeters meters) {
        Duration time = Duration.ofMillis(1);
        List.of(
                        new OffloadEvent.Answered("report", OffloadEvent.Mode.INLINE, time),
                        new OffloadEvent.Rejected("report", time),
                        new OffloadEvent.Enqueued("report", "jb_1"),
                        new OffloadEvent.Started("report", 1, time),
                        new OffloadEvent.AttemptFailed("report", 1, new IllegalStateException(), null),
                        new OffloadEvent.Ended("report", JobState.SUCCEEDED, 1, time),
                        new OffloadEvent.Detached("report"))
                .forEach(meters::on);
    }

    @Test
    void endpoint_read_tellsCachesPoliciesAndTier() {
        try (OperationsShop shop = shop("ops-read", "management.endpoint.aside.show-values=always")) {
            shop.get("/stock/7");
            Reply overview = shop.get("/actuator/aside");
            assertThat(overview.status()).isEqualTo(200);
            assertThat(overview.text("/tier/redis")).isEqualTo("ok");
            assertThat(overview.text("/tier/traffic/fillsStored")).isEqualTo("1");
            assertThat(overview.text("/caches/stock/keys")).isEqualTo("java.lang.Long");
            assertThat(overview.text("/caches/stock/stats/loads")).isEqualTo("1");
            assertThat(overview.text("/policies/reference")).startsWith("reference{ttl=30m");
            Reply peek = shop.get("/actuator/aside/stock?key=7");
            assertThat(peek.status()).isEqualTo(200);
            assertThat(peek.text("/entry/value")).isEqualTo("pieces of 7");
            assertThat(peek.text("/entry/held")).isEqualTo("true");
            assertThat(shop.get("/actuator/aside/stock?key=8").text("/entry/held"))
                    .isEqualTo("false");
            assertThat(shop.get("/actuator/aside/stock").text("/stats/loads")).isEqualTo("1");
        }
    }

    @Test
    void endpoint_wrongNamesAndKeys_saysWhatIsWrong() {
        try (OperationsShop shop = shop("ops-wrong", WRITES)) {
            Reply unknown = shop.get("/actuator/aside/stok");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.text("/error")).contains("there is no cache 'stok'", "stock");
            Reply unreadable = shop.get("/actuator/aside/stock?key=seven");
            assertThat(unreadable.status()).isEqualTo(400);
            assertThat(unreadable.text("/error")).contains("'seven' is not a key of cache 'stock'", "java.lang.Long");
            assertThat(shop.delete("/actuator/aside/stok?all=true").status()).isEqualTo(404);
            Reply vague = shop.delete("/actuator/aside/stock?kay=7");
            assertThat(vague.status()).isEqualTo(400);
            assertThat(vague.text("/error")).contains("one of key, tag and all=true");
            Reply unbound = shop.post("/actuator/aside", "{\"policy\":\"reference\",\"ttl\":\"2h\"}");
            assertThat(unbound.status()).isEqualTo(400);
            assertThat(unbound.text("/error")).contains("ttl 2h is outside the bounds 5m..1h");
            assertThat(shop.post("/actuator/aside", "{\"policy\":\"none\",\"ttl\":\"2h\"}")
                            .status())
                    .isEqualTo(404);
            assertThat(shop.post("/actuator/aside", "{\"ttl\":\"2h\"}").status())
                    .isEqualTo(400);
        }
    }

    @Test
    void endpoint_writesByDefault_areRefused() {
        try (OperationsShop shop = shop("ops-readonly")) {
            shop.get("/stock/7");
            assertThat(shop.delete("/actuator/aside/stock?key=7").status()).isEqualTo(405);
            assertThat(shop.delete("/actuator/aside/stock?all=true").status()).isEqualTo(405);
            assertThat(shop.post("/actuator/aside", "{\"policy\":\"default\",\"ttl\":\"1m\"}")
                            .status())
                    .isEqualTo(405);
            assertThat(shop.bean(Caches.class).policies().get("default").ttl()).isEqualTo(Duration.ofMinutes(5));
            assertThat(shop.get("/actuator/aside/stock?key=7").text("/entry/held"))
                    .isEqualTo("true");
        }
    }

    @Test
    void endpoint_writesSwitchedOn_reachEveryNode() {
        try (OperationsShop shop = shop("ops-write", WRITES);
                Node other = new Node("ops-write")) {
            List.of(1L, 2L, 3L).forEach(id -> other.stock.get(id, key -> "old"));
            Reply one = shop.delete("/actuator/aside/stock?key=1");
            assertThat(one.status()).isEqualTo(200);
            assertThat(one.text("/invalidated")).isEqualTo("key");
            assertThat(one.text("/outcome")).isEqualTo("done");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(other.stock.asMap()).containsOnlyKeys(2L, 3L));
            assertThat(shop.delete("/actuator/aside/stock?all=true").status()).isEqualTo(200);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(other.stock.asMap()).isEmpty());
            Reply policy = shop.post(
                    "/actuator/aside",
                    "{\"policy\":\"default\",\"ttl\":\"2m\",\"localTtl\":\"10s\",\"maximumSize\":5}");
            assertThat(policy.status()).isEqualTo(200);
            assertThat(policy.text("/caches/stock")).contains("ttl=2m", "localTtl=10s", "maximumSize=5");
            assertThat(shop.bean(Caches.class).policies().get("default").ttl()).isEqualTo(Duration.ofMinutes(2));
        }
    }

    @Test
    void redisStopped_healthStaysUpAndSaysDegraded() {
        try (RedisServer redis = RedisServer.builder().start();
                OperationsShop shop = OperationsShop.start("aside.redis.uri=" + redis.uri(), WRITES)) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(health(shop, "redis")).isEqualTo("ok"));
            redis.stop();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(health(shop, "redis")).isEqualTo("degraded"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(health(shop, "trusted")).isEqualTo("false"));
            assertThat(health(shop, "reason")).contains("no connection to Redis", "invalidation log");
            assertThat(shop.get("/stock/7").status()).isEqualTo(200);
            assertThat(shop.metric("aside.cache.reads.degraded", "cache:stock")).isEqualTo(1);
            assertThat(shop.metric("aside.redis.trusted")).isZero();
            Reply pending = shop.delete("/actuator/aside/stock?key=7");
            assertThat(pending.status()).isEqualTo(202);
            assertThat(pending.text("/outcome")).isEqualTo("pending");
            assertThat(health(shop, "pendingInvalidations")).isEqualTo("1");
            redis.restart();
            Awaitility.await().untilAsserted(() -> {
                shop.get("/stock/7");
                assertThat(health(shop, "redis")).isEqualTo("ok");
            });
            assertThat(health(shop, "pendingInvalidations")).isEqualTo("0");
        }
    }

    @Test
    void redisPaused_healthAnswersAndSaysDegraded() {
        try (RedisServer redis = RedisServer.builder().start();
                OperationsShop shop = OperationsShop.start("aside.redis.uri=" + redis.uri())) {
            redis.pause();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(health(shop, "trusted")).isEqualTo("false"));
            assertThat(health(shop, "redis")).isEqualTo("degraded");
            redis.resume();
            Awaitility.await().untilAsserted(() -> {
                shop.get("/stock/7");
                assertThat(health(shop, "redis")).isEqualTo("ok");
            });
        }
    }

    /** The rule: whatever happens to Redis, the load balancer goes on sending requests here. */
    private static String health(OperationsShop shop, String detail) {
        Reply health = shop.get("/actuator/health");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.text("/status")).isEqualTo("UP");
        assertThat(health.text("/components/aside/status")).isEqualTo("UP");
        return health.text("/components/aside/details/" + detail);
    }

    /** A shop that keeps its trust on a busy machine too, where a test wants to know what L1 serves. */
    private static OperationsShop shop(String namespace, String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("aside.redis.uri=" + RedisServer.shared().uri());
        all.add("aside.redis.namespace=" + namespace);
        all.add("aside.redis.stale-bound=10s");
        return OperationsShop.start(all.toArray(new String[0]));
    }

    /** Another node of the same cluster, without Spring. */
    private static final class Node implements AutoCloseable {
        private final Caches caches;
        private final Cache<Long, String> stock;

        Node(String namespace) {
            caches = Caches.builder()
                    .remote(RedisTier.builder()
                            .uri(RedisServer.shared().uri())
                            .namespace(namespace)
                            .build())
                    .build();
            stock = caches.cache("stock", Long.class, String.class);
        }

        @Override
        public void close() {
            caches.close();
        }
    }
}
