package dev.aside.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.aside.demo.Browser.Reply;
import dev.aside.testkit.PostgresServer;
import dev.aside.testkit.RedisServer;
import java.io.OutputStream;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RedisOutageIT {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    @Test
    void redis_stoppedAndStarted_readsGoOnAndL2IsUsedAgain() throws SQLException {
        try (Demo demo = start()) {
            ListAppender<ILoggingEvent> log = listen();
            String a = demo.urls().get(0);
            String b = demo.urls().get(1);
            String path = "/products/"
                    + new Database(demo.servers().jdbcUrl()).value("SELECT sku FROM product ORDER BY sku LIMIT 1");
            assertThat(Browser.get(a + path).source()).isEqualTo("LOAD");
            assertThat(Browser.get(b + path).source()).isEqualTo("L2");

            assertThat(Browser.send("POST", a + "/admin/redis/stop").body()).isEqualTo("{\"redisRunning\":false}");
            await().until(() -> Browser.get(a + path).source().equals("LOAD")); // what L1 holds is not trusted for long
            for (int i = 0; i < 50; i++) {
                Reply reply = Browser.get((i % 2 == 0 ? a : b) + path);
                assertThat(reply.status()).isEqualTo(200);
            }
            assertThat(Browser.get(a + path).header("X-Aside-Reason")).isEqualTo("UNAVAILABLE");
            assertThat(Browser.send("PUT", a + path + "/price?value=7.77").status())
                    .isEqualTo(204);
            assertThat(Browser.get(b + path).body()).contains("7.77");
            assertThat(warnings(log).stream().filter(text -> text.contains("is lost")))
                    .as("one for each node")
                    .hasSize(2);

            assertThat(Browser.send("POST", a + "/admin/redis/start").body()).isEqualTo("{\"redisRunning\":true}");
            await().until(() -> Browser.get(a + path).source().equals("L1"));
            await().until(() -> !Browser.get(b + path).header("X-Aside-Reason").equals("UNAVAILABLE"));
            String other = "/products/"
                    + new Database(demo.servers().jdbcUrl()).value("SELECT sku FROM product ORDER BY sku DESC LIMIT 1");
            assertThat(Browser.get(a + other).source()).isEqualTo("LOAD");
            assertThat(Browser.get(b + other).source()).isEqualTo("L2");
            assertThat(Browser.get(b + path).body()).contains("7.77");
            assertThat(warnings(log).stream().filter(text -> text.contains("is lost")))
                    .as("nothing more after the return")
                    .hasSize(2);
            assertThat(warnings(log).stream().filter(text -> text.contains("job store")))
                    .as("one for each node at most, whatever its jobs were at")
                    .hasSizeLessThanOrEqualTo(2);
            assertThat(warnings(log)).allMatch(text -> text.contains("is lost") || text.contains("job store"));
        }
    }

    @Test
    void redis_given_isNotStopped() {
        String database = PostgresServer.shared().createDatabase("given");
        DemoOptions options = DemoOptions.parse(
                "--ports=0",
                "--lines=1000",
                "--postgres=" + database,
                "--redis=" + RedisServer.shared().uri(),
                "--aside.redis.namespace=given");
        try (Demo demo = Demo.start(options, NOWHERE, context -> {})) {
            Reply reply = Browser.send("POST", demo.urls().get(0) + "/admin/redis/stop");
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.body()).contains("Redis was given by --redis and is not the demo's to stop");
        }
        assertThat(RedisServer.shared().isRunning()).isTrue();
    }

    private static Demo start() {
        return Demo.start(
                DemoOptions.parse(
                        "--ports=0,0",
                        "--lines=1000",
                        "--postgres=" + PostgresServer.shared().createDatabase("outage"),
                        "--aside.redis.command-timeout=800ms"),
                NOWHERE,
                context -> {});
    }

    private static ListAppender<ILoggingEvent> listen() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger("dev.aside")).addAppender(log);
        return log;
    }

    private static List<String> warnings(ListAppender<ILoggingEvent> log) {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
