package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisServerIT {
    @Test
    void command_setAndGet_textComesBack() {
        try (RedisServer redis = RedisServer.builder().start()) {
            redis.command("SET", "key", "wert €");

            assertThat(redis.command("GET", "key").text()).isEqualTo("wert €");
            assertThat(redis.command("GET", "other").isNil()).isTrue();
            assertThat(redis.command("RPUSH", "list", "a", "b").number()).isEqualTo(2);
            assertThat(redis.command("LRANGE", "list", "0", "-1").texts()).containsExactly("a", "b");
        }
    }

    @Test
    void command_wrongType_throwsTheServersError() {
        try (RedisServer redis = RedisServer.builder().start()) {
            redis.command("SET", "key", "value");

            assertThatThrownBy(() -> redis.command("LPUSH", "key", "x"))
                    .isInstanceOfSatisfying(
                            RedisCommandException.class,
                            e -> assertThat(e.error()).startsWith("WRONGTYPE"));
        }
    }

    @Test
    void close_runningServer_processAndFilesAreGone() {
        RedisServer redis = RedisServer.builder().start();
        Path directory = directory(redis);
        assertThat(directory).exists();

        redis.close();

        assertThat(ProcessHandle.of(redis.pid())).isEmpty();
        assertThat(directory).doesNotExist();
    }

    @Test
    void kill_thenRestart_samePortNewProcessEmptyData() {
        try (RedisServer redis = RedisServer.builder().start()) {
            int port = redis.port();
            long pid = redis.pid();
            redis.command("SET", "key", "value");

            redis.kill();
            assertThat(redis.isRunning()).isFalse();
            assertThatThrownBy(() -> redis.command("PING"))
                    .isInstanceOf(TestServerException.class)
                    .hasMessageContaining(Integer.toString(port));

            redis.restart();
            assertThat(redis.port()).isEqualTo(port);
            assertThat(redis.pid()).isNotEqualTo(pid);
            assertThat(redis.command("GET", "key").isNil()).isTrue();
        }
    }

    @Test
    void restart_appendOnlyServer_keepsItsData() {
        try (RedisServer redis = RedisServer.builder()
                .config("appendonly yes")
                .config("appendfsync always")
                .config("key-load-delay 100") // microseconds for each key: restart has to wait for the loading
                .start()) {
            redis.command("EVAL", "for i = 1, 3000 do redis.call('SET', i, i) end", "0");
            redis.command("SET", "key", "value");

            redis.restart();

            assertThat(redis.command("GET", "key").text()).isEqualTo("value");
        }
    }

    @Test
    void pause_thenResume_silentInBetween() throws IOException {
        try (RedisServer redis = RedisServer.builder().start()) {
            redis.pause();
            assertThat(redis.isRunning()).isTrue();
            try (RedisConnection connection =
                    RedisConnection.open(RedisAddress.local(redis.port(), ""), Duration.ofMillis(200))) {
                assertThatThrownBy(() -> connection.command(List.of("PING")))
                        .isInstanceOf(SocketTimeoutException.class);
            }

            redis.resume();
            assertThat(redis.command("PING").text()).isEqualTo("PONG");
        }
    }

    @Test
    void stop_pausedServer_endsInGoodOrder() {
        try (RedisServer redis = RedisServer.builder().start()) {
            redis.pause();

            redis.stop();

            assertThat(redis.isRunning()).isFalse();
            assertThat(redis.log()).contains("ready to exit");
            assertThatThrownBy(redis::pause)
                    .isInstanceOf(TestServerException.class)
                    .hasMessageContaining("does not run");
        }
    }

    @Test
    void commandCalls_afterReset_countsEachCommand() {
        try (RedisServer redis = RedisServer.builder().start()) {
            redis.command("SET", "key", "value");
            redis.resetCommandCalls();

            redis.command("GET", "key");
            redis.command("GET", "key");
            redis.command("EVAL", "return redis.call('HSET', 'h', 'f', 'v')", "0");

            assertThat(redis.commandCalls())
                    .containsEntry("get", 2L)
                    .containsEntry("eval", 1L)
                    .containsEntry("hset", 1L)
                    .doesNotContainKey("set");
        }
    }

    @Test
    void awaitReplicated_replicaPausedThenResumed_failsThenSucceeds() {
        try (RedisServer primary = RedisServer.builder().start();
                RedisServer replica = RedisServer.builder()
                        .config("replicaof 127.0.0.1 " + primary.port())
                        .start()) {
            primary.awaitReplicated(1);
            replica.pause();
            primary.command("SET", "key", "value");
            assertThatThrownBy(() -> primary.awaitReplicated(1, Duration.ofMillis(100)))
                    .isInstanceOf(TestServerException.class)
                    .hasMessage("0 instead of 1 replicas follow " + primary);

            replica.resume();
            primary.awaitReplicated(1);

            assertThat(replica.command("GET", "key").text()).isEqualTo("value");
        }
    }

    @Test
    void password_set_uriCarriesItAndOthersAreRefused() throws IOException {
        try (RedisServer redis = RedisServer.builder().password("open-sesame").start()) {
            assertThat(redis.uri()).isEqualTo("redis://:open-sesame@127.0.0.1:" + redis.port());
            assertThat(redis.command("PING").text()).isEqualTo("PONG");
            try (RedisConnection stranger =
                    RedisConnection.open(RedisAddress.local(redis.port(), ""), Duration.ofSeconds(5))) {
                assertThatThrownBy(() -> stranger.command(List.of("PING"))).hasMessageContaining("NOAUTH");
            }
        }
    }

    @Test
    void shared_twice_sameServerThatNobodyCanEnd() {
        RedisServer shared = RedisServer.shared();

        shared.close();

        assertThat(RedisServer.shared()).isSameAs(shared);
        assertThat(shared.command("PING").text()).isEqualTo("PONG");
        assertThatThrownBy(shared::kill)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("RedisServer.builder().start()");
    }

    @Test
    void start_portTakenByAnotherRedis_failsNamingThePort() {
        try (RedisServer first = RedisServer.builder().start()) {
            RedisServer.Builder second = RedisServer.builder().port(first.port());

            assertThatThrownBy(second::start)
                    .isInstanceOf(TestServerException.class)
                    .hasMessage("Redis cannot start: port " + first.port()
                            + " of 127.0.0.1 is already taken. Leave the port out to get a free one.");
        }
    }

    @Test
    void start_portTakenBySomethingSilent_failsNamingThePort() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RedisServer.Builder redis = RedisServer.builder().port(silent.getLocalPort());

            assertThatThrownBy(redis::start)
                    .isInstanceOf(TestServerException.class)
                    .hasMessageContaining("port " + silent.getLocalPort() + " of 127.0.0.1 is already taken");
        }
    }

    @Test
    void start_freePortTakenMeanwhile_takesAnother() throws IOException {
        RedisSettings settings =
                RedisSettings.of(RedisBinary.find(Environment.SYSTEM), RedisSettings.Kind.SERVER, List.of());
        try (ServerSocket faster = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int next = Ports.free();
            Iterator<Integer> ports = List.of(faster.getLocalPort(), next).iterator();

            RedisProcess redis = RedisProcess.start(settings, ports::next);

            assertThat(redis.address().port()).isEqualTo(next);
            redis.close();
        }
    }

    @Test
    void start_unknownDirective_failsWithTheServersReason() {
        RedisServer.Builder redis = RedisServer.builder().config("no-such-setting 1");

        assertThatThrownBy(redis::start)
                .isInstanceOf(TestServerException.class)
                .hasMessageContaining("no-such-setting");
    }

    @Test
    void start_binaryOfEnvironmentIsNoRedis_failsNamingIt(@TempDir Path directory) throws IOException {
        Path fake = Files.writeString(directory.resolve("redis-server"), "#!/bin/sh\necho no redis here\nexit 3\n");
        Files.setPosixFilePermissions(fake, Unpacked.EXECUTABLE);
        Environment environment = only(RedisBinary.VARIABLE, fake.toString());

        assertThatThrownBy(() -> RedisServer.start(environment))
                .isInstanceOf(TestServerException.class)
                .hasMessageContaining(fake.toString())
                .hasMessageContaining("no redis here");
    }

    @Test
    void start_urlOfEnvironment_handsOutThatServerUntouchable() {
        try (RedisServer theirs = RedisServer.builder().password("secret").start()) {
            String url = theirs.uri() + "/3";

            RedisServer server = RedisServer.start(only(RedisAddress.VARIABLE, url));

            assertThat(server.uri()).isEqualTo(url);
            server.command("SET", "key", "value");
            assertThat(theirs.command("INFO", "keyspace").text()).contains("db3:keys=1");
            assertThatThrownBy(server::stop)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(RedisAddress.VARIABLE);
            theirs.command("SET", "other-database", "value");
            server.flush();
            server.close();
            assertThat(theirs.command("INFO", "keyspace").text())
                    .contains("db0:keys=1")
                    .doesNotContain("db3");
        }
    }

    @Test
    void start_urlOfEnvironmentNobodyListens_failsNamingVariableAndServer() {
        String url = "redis://user:secret@127.0.0.1:" + Ports.free();

        assertThatThrownBy(() -> RedisServer.start(only(RedisAddress.VARIABLE, url)))
                .isInstanceOf(TestServerException.class)
                .hasMessageContaining(RedisAddress.VARIABLE)
                .hasMessageContaining(url.substring(url.indexOf('@') + 1))
                .hasMessageContaining("unset the variable")
                .hasMessageNotContaining("secret");
    }

    @Test
    void start_urlOfEnvironmentWrongPassword_failsWithTheServersReason() {
        try (RedisServer theirs = RedisServer.builder().password("right").start()) {
            String url = theirs.uri().replace("right", "wrong");

            assertThatThrownBy(() -> RedisServer.start(only(RedisAddress.VARIABLE, url)))
                    .isInstanceOf(TestServerException.class)
                    .hasMessageContaining("WRONGPASS");
        }
    }

    private static Path directory(RedisServer redis) {
        return Path.of(redis.command("CONFIG", "GET", "dir").texts().get(1));
    }

    private static Environment only(String variable, String value) {
        return name -> name.equals(variable) ? value : null;
    }
}
