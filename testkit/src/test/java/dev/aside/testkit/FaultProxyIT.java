package dev.aside.testkit;

import static dev.aside.testkit.FaultProxy.Direction.TO_CLIENT;
import static dev.aside.testkit.FaultProxy.Direction.TO_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each fault as a real client of a real Redis meets it. */
class FaultProxyIT {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(10);

    private static ClientResources resources;
    private static RedisServer redis;

    private final FaultProxy proxy = FaultProxy.to(redis.host(), redis.port());
    private final String key = "key";
    private RedisClient client;
    private StatefulRedisConnection<String, String> connection;
    private RedisCommands<String, String> commands;

    @BeforeAll
    static void start() {
        redis = RedisServer.builder().start();
        resources = ClientResources.builder()
                .reconnectDelay(Delay.constant(Duration.ofMillis(20)))
                .build();
    }

    @AfterAll
    static void stop() {
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        redis.close();
    }

    @BeforeEach
    void connect() {
        client = RedisClient.create(resources, proxy.through(redis.uri()));
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        connection = client.connect();
        commands = connection.sync();
        commands.set(key, "before");
    }

    @AfterEach
    void close() {
        proxy.close();
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }

    @Test
    void pass_largeValue_goesThroughAndIsCounted() {
        long before = proxy.bytes(TO_SERVER);

        commands.set(key, "v".repeat(3_000_000));

        assertThat(commands.get(key)).isEqualTo("v".repeat(3_000_000));
        assertThat(proxy.bytes(TO_SERVER) - before).isBetween(3_000_000L, 3_000_200L);
        assertThat(proxy.bytes(TO_CLIENT)).isBetween(3_000_000L, 3_010_000L);
        assertThat(proxy.connections()).isEqualTo(1);
        assertThat(proxy.openConnections()).isEqualTo(1);
    }

    @Test
    void pass_clientCloses_connectionIsClosedOnBothSides() {
        connection.close();

        Awaitility.await().atMost(LONG).until(() -> proxy.openConnections() == 0);
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void delay_bothDirections_roundTripTakesTwiceThat() {
        proxy.delay(Duration.ofMillis(100));

        assertThat(timeOfPing()).isBetween(Duration.ofMillis(200), Duration.ofSeconds(2));
    }

    @Test
    void delay_oneDirection_roundTripTakesIt() {
        proxy.delay(TO_CLIENT, Duration.ofMillis(100));
        assertThat(timeOfPing()).isGreaterThanOrEqualTo(Duration.ofMillis(100));

        proxy.pass();
        proxy.delay(TO_SERVER, Duration.ofMillis(100));
        assertThat(timeOfPing()).isGreaterThanOrEqualTo(Duration.ofMillis(100));

        proxy.delay(TO_SERVER, Duration.ZERO);
        await().until(() -> timeOfPing().compareTo(Duration.ofMillis(100)) < 0);
    }

    @Test
    void delay_manyCommandsAtOnce_allArriveAfterOneDelay() {
        proxy.delay(Duration.ofMillis(100));
        long start = System.nanoTime();

        var last = connection.async().ping();
        for (int i = 0; i < 200; i++) {
            last = connection.async().ping();
        }

        assertThat(last.toCompletableFuture().join()).isEqualTo("PONG");
        // one after the other they would take 40 s
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void blackHole_bothWaysThenPass_timeoutThenTheSameConnectionGoesOn() {
        proxy.blackHole();
        assertTimesOut();
        assertThat(redis.command("GET", key).text()).isEqualTo("before");

        proxy.pass();

        assertThat(commands.ping()).isEqualTo("PONG");
        assertThat(redis.command("GET", key).text()).isEqualTo("after");
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void blackHole_toClient_serverExecutesWhatTheClientGivesUp() {
        proxy.blackHole(TO_CLIENT);

        assertTimesOut();

        assertThat(redis.command("GET", key).text()).isEqualTo("after");
    }

    @Test
    void blackHole_toServer_serverSeesNothing() {
        proxy.blackHole(TO_SERVER);

        assertTimesOut();

        assertThat(redis.command("GET", key).text()).isEqualTo("before");
    }

    @Test
    void blackHole_newConnection_isAcceptedAndHearsNothing() {
        proxy.blackHole();

        assertThatThrownBy(this::connectInShortTime).isInstanceOf(RedisConnectionException.class);

        assertThat(proxy.connections()).isEqualTo(2);
    }

    @Test
    void halfOpen_thenPass_silenceThenResetAtTheNextByte() {
        proxy.halfOpen();
        assertTimesOut();
        assertThat(redis.command("GET", key).text()).isEqualTo("before");
        assertThat(redis.command("CLIENT", "LIST").text()).doesNotContain(":" + proxy.port() + " ");
        assertThat(connection.isOpen()).isTrue();
        assertThat(proxy.openConnections()).isEqualTo(1);

        proxy.pass();

        assertThatThrownBy(commands::ping).isInstanceOf(RedisException.class);
        awaitReconnected();
    }

    @Test
    void halfOpen_newConnection_isAcceptedAndLeadsNowhere() {
        proxy.halfOpen();

        assertThatThrownBy(this::connectInShortTime).isInstanceOf(RedisConnectionException.class);

        assertThat(proxy.connections()).isEqualTo(2);
    }

    @Test
    void reset_openConnection_clientReconnects() {
        proxy.reset();

        awaitReconnected();
        assertThat(proxy.connections()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void refuse_thenAccept_clientIsRefusedThenReconnects() {
        proxy.refuse();
        assertThat(proxy.openConnections()).isZero();
        assertThatThrownBy(client::connect)
                .isInstanceOf(RedisConnectionException.class)
                .rootCause()
                .hasMessageContaining("refused");

        proxy.accept();

        awaitReconnected();
    }

    @Test
    void refuse_portMeanwhile_staysReserved() {
        proxy.refuse();

        assertThatThrownBy(() -> new ServerSocket(proxy.port(), 1, InetAddress.getLoopbackAddress()))
                .isInstanceOf(BindException.class);
    }

    @Test
    void refuse_twiceThenPass_accepts() {
        proxy.refuse();
        proxy.refuse();

        proxy.pass();
        proxy.accept();

        awaitReconnected();
    }

    @Test
    void resetAfter_middleOfReply_clientSeesAnErrorOnce() {
        redis.command("SET", key, "v".repeat(10_000));
        proxy.resetAfter(5_000);

        assertThatThrownBy(() -> commands.get(key)).isInstanceOf(RedisException.class);

        awaitReconnected();
        assertThat(commands.get(key)).hasSize(10_000);
    }

    @Test
    void throttle_reply_comesInDrops() {
        redis.command("SET", key, "v".repeat(500));
        proxy.throttle(1_000);
        long start = System.nanoTime();

        assertThat(commands.get(key)).hasSize(500);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(400), LONG);
        proxy.pass();
        await().until(() -> timeOfPing().compareTo(Duration.ofMillis(300)) < 0);
    }

    /** A client's connections are told apart by what it sends over them. */
    @Test
    void part_connectionsThatSentAText_sufferAlone() {
        FaultProxy.Part marked = proxy.sending("STRLEN");
        FaultProxy.Part others = proxy.notSending("STRLEN");
        try (StatefulRedisConnection<String, String> second = client.connect()) {
            second.sync().strlen(key);
            second.setTimeout(SHORT);

            marked.blackHole(TO_CLIENT);
            assertThat(commands.get(key)).isEqualTo("before");
            assertThatThrownBy(() -> second.sync().get(key)).isInstanceOf(RedisCommandTimeoutException.class);
            marked.pass();

            others.delay(TO_SERVER, Duration.ofMillis(200));
            assertThat(timeOfPing()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
            second.setTimeout(LONG);
            assertThat(second.sync().get(key)).isEqualTo("before");
            proxy.pass();
            assertThat(proxy.openConnections()).isEqualTo(2);

            long before = proxy.connections();
            marked.reset();
            await().until(() -> proxy.connections() > before);
            assertThat(commands.get(key)).isEqualTo("before");
            assertThat(proxy.connections()).isEqualTo(before + 1);
        }
    }

    @Test
    void part_wrongText_isRefused() {
        assertThatThrownBy(() -> proxy.sending("")).hasMessage("At least one ASCII character, not ''");
        assertThatThrownBy(() -> proxy.notSending("\u00e9")).hasMessage("At least one ASCII character, not '\u00e9'");
    }

    @Test
    void target_otherServer_newConnectionsGoThere() {
        try (RedisServer other = RedisServer.builder().start()) {
            other.command("SET", key, "other");

            proxy.target(other.host(), other.port());
            assertThat(commands.get(key)).isEqualTo("before");
            proxy.reset();

            awaitReconnected();
            assertThat(commands.get(key)).isEqualTo("other");
        }
    }

    @Test
    void target_serverThatIsDown_connectionIsReset() {
        proxy.target("127.0.0.1", Ports.free());

        assertThatThrownBy(client::connect).isInstanceOf(RedisConnectionException.class);
    }

    @Test
    void close_again_doesNothingAndOthersAreRefused() {
        proxy.close();
        proxy.close();

        assertThatThrownBy(proxy::reset)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Integer.toString(proxy.port()));
    }

    @Test
    void anyFault_waiting_burnsNoCpu() {
        long thread = loopThread();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        proxy.throttle(TO_CLIENT, 1);
        proxy.delay(TO_SERVER, Duration.ofMillis(1));
        long before = threads.getThreadCpuTime(thread);

        assertTimesOut();
        proxy.blackHole();
        assertTimesOut();

        assertThat(Duration.ofNanos(threads.getThreadCpuTime(thread) - before)).isLessThan(Duration.ofMillis(100));
    }

    private void assertTimesOut() {
        connection.setTimeout(SHORT);
        assertThatThrownBy(() -> commands.set(key, "after")).isInstanceOf(RedisCommandTimeoutException.class);
        connection.setTimeout(LONG);
    }

    private void connectInShortTime() {
        RedisURI uri = RedisURI.create(proxy.through(redis.uri()));
        uri.setTimeout(SHORT);
        client.connect(uri);
    }

    private void awaitReconnected() {
        Awaitility.await()
                .atMost(LONG)
                .ignoreExceptions()
                .until(() -> commands.ping().equals("PONG"));
    }

    private Duration timeOfPing() {
        long start = System.nanoTime();
        commands.ping();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private long loopThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("aside-fault-proxy-" + proxy.port()))
                .findFirst()
                .orElseThrow()
                .getId();
    }
}
