package dev.aside.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.cache.spi.RemoteTier;
import dev.aside.demo.Browser.Reply;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole demo: two nodes, a PostgreSQL and a Redis of its own. Each test takes products of its own. */
class DemoIT {
    private static final SqlLog SQL = new SqlLog();
    private static final ByteArrayOutputStream OUT = new ByteArrayOutputStream();
    private static final Deque<String> SKUS = new ArrayDeque<>();

    private static Demo demo;
    private static Database database;
    private static String a;
    private static String b;

    @BeforeAll
    static void openShop() throws SQLException {
        DemoOptions options = DemoOptions.parse(
                "--ports=0,0",
                "--lines=60000",
                "--seed=5",
                "--aside.redis.command-timeout=800ms",
                "--spring.jmx.enabled=false");
        demo = Demo.start(options, new PrintStream(OUT, true, StandardCharsets.UTF_8), context -> {
            SQL.initialize(context);
            // node A makes jobs of nearly everything, node B of nothing
            String threshold =
                    context.getBeanFactory().getSingleton("nodeInfo").toString().contains("name=A") ? "5ms" : "30s";
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "test",
                            Map.of(
                                    "aside.offload.threshold", threshold,
                                    "aside.offload.types.sales-report.max-concurrent", 1,
                                    "aside.offload.types.sales-report.max-backlog", 1)));
        });
        database = new Database(demo.servers().jdbcUrl());
        a = demo.urls().get(0);
        b = demo.urls().get(1);
        SKUS.addAll(database.column("SELECT sku FROM product ORDER BY sku DESC"));
    }

    @AfterAll
    static void closeShop() {
        demo.close();
    }

    @Test
    void product_askedTwiceAndOnOtherNode_loadsThenL1ThenL2() {
        String path = "/products/" + SKUS.pop();
        Reply first = Browser.get(a + path);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.source()).isEqualTo("LOAD");
        assertThat(first.header("X-Aside-Node")).isEqualTo("A");
        assertThat(Browser.get(a + path).source()).isEqualTo("L1");
        Reply other = Browser.get(b + path);
        assertThat(other.source()).isEqualTo("L2");
        assertThat(other.header("X-Aside-Node")).isEqualTo("B");
        assertThat(other.body()).isEqualTo(first.body());
    }

    @Test
    void priceChange_onOneNode_seenOnTheOtherWithinTheBound() {
        String sku = SKUS.pop();
        Browser.get(a + "/products/" + sku);
        Browser.get(b + "/products/" + sku);
        assertThat(Browser.get(b + "/products/" + sku).source()).isEqualTo("L1");
        Reply change = Browser.send("PUT", a + "/products/" + sku + "/price?value=123.45");
        assertThat(change.status()).isEqualTo(204);
        Duration bound = demo.nodes().get(1).getBean(RemoteTier.class).staleBound();
        assertThat(bound).isEqualTo(Duration.ofSeconds(1));
        await().atMost(bound)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(price(b, sku)).isEqualByComparingTo("123.45"));
        assertThat(price(a, sku)).isEqualByComparingTo("123.45");
    }

    /** Plain SQL past the application: the transaction says so itself, one node listens, all follow. */
    @Test
    void priceChange_byPlainSql_seenOnBothNodes() throws SQLException {
        String sku = SKUS.pop();
        for (String node : List.of(a, b)) {
            await().until(
                            () -> { // what may have been missed before it listened is invalidated once
                                Browser.get(node + "/products/" + sku);
                                return Browser.get(node + "/products/" + sku)
                                        .source()
                                        .equals("L1");
                            });
        }
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE product SET price = 55.55 WHERE sku = '" + sku + "'");
            statement.execute("SELECT pg_notify('product_changed', '" + sku + "')");
            connection.rollback();
            statement.execute("UPDATE product SET price = 77.77 WHERE sku = '" + sku + "'");
            statement.execute("SELECT pg_notify('product_changed', '" + sku + "')");
            connection.commit();
        }
        for (String node : List.of(a, b)) {
            await().untilAsserted(() -> assertThat(price(node, sku)).isEqualByComparingTo("77.77"));
        }
    }

    @Test
    void cache_clearedByAnAdmin_isLoadedAnew() {
        String path = "/products/" + SKUS.pop();
        Browser.get(a + path);
        await().until(() -> Browser.get(b + path).source().equals("L1"));

        assertThat(Browser.send("POST", b + "/admin/caches/nonsense/clear").status())
                .isEqualTo(404);
        assertThat(Browser.send("POST", a + "/admin/caches/product/clear").status())
                .isEqualTo(204);

        await().until(() -> !Browser.get(b + path).source().equals("L1"));
        assertThat(Browser.get(a + path).source()).isEqualTo("L2"); // loaded by the other node
    }

    @Test
    void productsOfOrder_someCached_oneStatementForTheOthers() throws SQLException {
        String order = database.value("SELECT order_id FROM order_line GROUP BY order_id"
                + " HAVING count(DISTINCT sku) = 9 ORDER BY order_id DESC LIMIT 1");
        List<String> skus = database.column("SELECT DISTINCT sku FROM order_line WHERE order_id = '" + order + "'");
        skus.forEach(sku -> Browser.send("PUT", a + "/products/" + sku + "/price?value=1.50")); // nobody has them now
        skus.subList(0, 2).forEach(sku -> Browser.get(a + "/products/" + sku));
        SQL.clear();
        Reply reply = Browser.get(a + "/orders/" + order + "/products");
        assertThat(reply.json().size()).isEqualTo(9);
        assertThat(reply.source()).isEqualTo("L1 x2, LOAD x7");
        assertThat(SQL.count("FROM product")).isEqualTo(1);
        assertThat(Browser.get(b + "/orders/" + order + "/products").source()).isEqualTo("L2 x9");
        assertThat(SQL.count("FROM product")).isEqualTo(1);
    }

    @Test
    void thousandReads_ofFiftyProducts_areFiftyLoads() {
        List<String> skus = Stream.generate(SKUS::pop).limit(50).toList();
        skus.forEach(sku -> Browser.send("PUT", a + "/products/" + sku + "/price?value=2.50")); // nobody has them now
        SQL.clear();
        demo.servers().redis().resetCommandCalls();
        Map<String, Integer> sources = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            String node = i % 2 == 0 ? a : b;
            Reply reply = Browser.get(node + "/products/" + skus.get(i / 2 % 50));
            assertThat(reply.status()).isEqualTo(200);
            sources.merge(reply.source(), 1, Integer::sum);
        }
        Map<String, Long> commands = demo.servers().redis().commandCalls();
        assertThat(SQL.count("FROM product")).isEqualTo(50);
        assertThat(sources).containsEntry("LOAD", 50).containsEntry("L2", 50).containsEntry("L1", 900);
        // each of the two nodes read each product from Redis once
        assertThat(commands.get("mget")).as("MGET of %s", commands).isBetween(100L, 150L);
    }

    @Test
    void report_slow_becomesJobWithTheFiguresOfPlainSql() throws SQLException {
        Reply start = Browser.send("POST", a + "/reports/sales");
        assertThat(start.status()).isEqualTo(202);
        String job = start.header("Location");
        assertThat(job).startsWith(a + "/jobs/jb_");
        assertThat(start.header("Operation-Location")).isEqualTo(job + "?redirect=false");
        assertThat(start.header("Retry-After")).isEqualTo("1");
        assertThat(start.json().get("links").get("self").asString()).isEqualTo(job);
        await().until(() -> Browser.get(job).status() != 202);
        Reply over = Browser.get(job);
        assertThat(over.status()).isEqualTo(303);
        Reply document = Browser.get(job + "?redirect=false");
        assertThat(document.status()).isEqualTo(200);
        assertThat(document.json().get("status").asString()).isEqualTo("Succeeded");
        Reply result = Browser.get(over.header("Location"));
        assertThat(result.status()).isEqualTo(200);
        assertSameAsPlainSql(result.json(), "true");
    }

    @Test
    void report_slowOnOneNode_isPolledAndReadOnTheOther() throws SQLException {
        Reply start = Browser.send("POST", a + "/reports/sales");
        assertThat(start.status()).isEqualTo(202);
        String there = start.header("Location").replace(a, b);
        await().until(() -> Browser.get(there).status() != 202);
        assertThat(Browser.get(there).status()).isEqualTo(303);
        Reply result = Browser.get(there + "/result");
        assertThat(result.status()).isEqualTo(200);
        assertSameAsPlainSql(result.json(), "true");
    }

    @Test
    void report_fast_answeredInline() throws SQLException {
        Reply all = Browser.send("POST", b + "/reports/sales");
        assertThat(all.status()).isEqualTo(200);
        assertSameAsPlainSql(all.json(), "true");
        Reply month = Browser.send("POST", b + "/reports/sales?month=2011-03");
        assertThat(month.status()).isEqualTo(200);
        assertSameAsPlainSql(month.json(), "ordered_at >= '2011-03-01' AND ordered_at < '2011-04-01'");
    }

    @Test
    void job_cancelled_endsItsStatement() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE order_line"); // the report waits for this
            Reply start = Browser.send("POST", a + "/reports/sales");
            String job = start.header("Location");
            assertThat(Browser.get(job).status()).isEqualTo(202);
            // its version moves on until it waits for the lock
            await().until(() ->
                    Browser.get(job, "If-None-Match", Browser.get(job).header("ETag"))
                                    .status()
                            == 304);
            assertThat(Browser.get(job + "/result").status()).isEqualTo(202);
            assertThat(Browser.send("DELETE", job).status()).isEqualTo(202);
            await().until(() -> Browser.get(job).status() != 202);
            assertThat(Browser.get(job).json().get("status").asString()).isEqualTo("Canceled");
            Reply result = Browser.get(job + "/result");
            assertThat(result.status()).isEqualTo(410);
            assertThat(result.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(Browser.send("DELETE", job).status()).isEqualTo(409);
        }
    }

    @Test
    void report_backlogFull_refusedWithRetryAfter() throws SQLException {
        List<String> jobs = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE order_line"); // reports wait for this
            jobs.add(Browser.send("POST", a + "/reports/sales").header("Location")); // runs
            jobs.add(Browser.send("POST", a + "/reports/sales").header("Location")); // waits for a worker
            Reply refused = Browser.send("POST", a + "/reports/sales");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
            assertThat(refused.json().get("detail").asString()).isEqualTo("too many sales-report jobs are waiting");
        }
        await().untilAsserted(() -> assertThat(jobs)
                .allSatisfy(job -> assertThat(Browser.get(job).status()).isEqualTo(303)));
    }

    @Test
    void permissions_roleTakenAway_seenOnTheOtherNodeWithinTheBound() throws SQLException {
        String customer =
                database.value("SELECT customer_id FROM customer_role WHERE role = 'wholesale' ORDER BY 1 DESC");
        String path = "/customers/" + customer + "/permissions";
        assertThat(Browser.get(b + path).body()).contains("invoice:pay-later");
        assertThat(Browser.get(b + path).source()).isEqualTo("L1");
        assertThat(Browser.send("DELETE", a + "/customers/" + customer + "/roles/wholesale")
                        .status())
                .isEqualTo(204);
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(Browser.get(b + path).body())
                        .doesNotContain("invoice:pay-later")
                        .contains("order:create"));
        assertThat(Browser.send("PUT", a + "/customers/" + customer + "/roles/wholesale")
                        .status())
                .isEqualTo(204);
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(Browser.get(b + path).body()).contains("invoice:pay-later"));
    }

    @Test
    void countriesAndDashboard_asked_haveTheFiguresOfPlainSql() throws SQLException {
        JsonNode totals = Browser.get(a + "/dashboard").json();
        assertThat(Browser.get(a + "/dashboard").source()).isEqualTo("L1");
        assertThat(Browser.get(b + "/dashboard").source()).isEqualTo("L2");
        assertThat(totals.get("revenue").decimalValue())
                .isEqualByComparingTo(database.value("SELECT sum(quantity * unit_price) FROM order_line"));
        assertThat(totals.get("cancelledOrders").asString())
                .isEqualTo(database.value("SELECT count(*) FROM orders WHERE id LIKE 'C%'"));
        JsonNode countries = Browser.get(b + "/countries").json();
        assertThat(Browser.get(a + "/countries").source()).isEqualTo("L2");
        assertThat(Integer.toString(countries.size()))
                .isEqualTo(database.value("SELECT count(DISTINCT country) FROM orders"));
    }

    @Test
    void unknownThings_asked_areProblemsOfOneLine() {
        assertProblem(
                "GET",
                "/jobs/jb_nothing",
                404,
                "there is no job 'jb_nothing' [hint: finished jobs are known for a day, on every node]");
        assertProblem(
                "GET",
                "/jobs/x/result",
                404,
                "there is no job 'x' [hint: finished jobs are known for a day, on every node]");
        assertProblem("GET", "/products/nope", 404, "there is no product 'nope'");
        assertProblem("PUT", "/products/nope/price?value=1", 404, "there is no product 'nope'");
        assertProblem("GET", "/orders/nope/products", 404, "there is no order 'nope'");
        assertProblem("GET", "/customers/1/permissions", 404, "there is no customer 1");
        assertProblem("PUT", "/customers/1/roles/buyer", 404, "there is no customer 1");
        assertProblem(
                "POST",
                "/reports/sales?month=2031-01",
                404,
                "there are no orders in 2031-01 [hint: 2010-12 to 2011-12]");
        assertProblem(
                "POST", "/reports/sales?month=May", 400, "'May' is not a month [hint: year and month, as 2011-11]");
        assertProblem(
                "PUT",
                "/products/nope/price?value=-1",
                400,
                "'-1' is not a price [hint: 0 to 1000000, at most three decimals, such as 2.95]");
    }

    @Test
    void unknownRole_granted_isProblem() throws SQLException {
        String customer = database.value("SELECT max(id) FROM customer");
        assertProblem(
                "PUT",
                "/customers/" + customer + "/roles/king",
                404,
                "there is no role 'king' [hint: buyer, trusted, wholesale]");
    }

    @Test
    void welcome_everyCurlLine_works() {
        String text = OUT.toString(StandardCharsets.UTF_8);
        assertThat(text).contains("Loaded 60,000 lines of ", "The shop is open: " + a + "/ and " + b + "/");
        List<MatchResult> commands = Pattern.compile("^  curl -i (?:-X (\\w+) )?'?(http[^'\\s]+)'?$", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .toList();
        assertThat(commands).hasSize(6);
        assertThat(commands).allSatisfy(command -> {
            String method = command.group(1) == null ? "GET" : command.group(1);
            assertThat(Browser.send(method, command.group(2)).status())
                    .as(command.group())
                    .isBetween(200, 204);
        });
    }

    @Test
    void page_ofEitherNode_mayCallBothAndNobodyElseMay() {
        Reply page = Browser.get(a + "/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Aside demo</title>");
        JsonNode info = Browser.get(a + "/admin/nodes").json();
        assertThat(info.get("nodes").get(1).asString()).isEqualTo(b);
        Reply status = Browser.get(b + "/admin/status", "Origin", a);
        assertThat(status.status()).isEqualTo(200);
        assertThat(status.header("Access-Control-Allow-Origin")).isEqualTo(a);
        assertThat(status.json().get("node").asString()).isEqualTo("B");
        assertThat(Browser.get(b + "/admin/status", "Origin", "http://elsewhere.example")
                        .status())
                .isEqualTo(403);
    }

    private static BigDecimal price(String node, String sku) {
        return Browser.get(node + "/products/" + sku).json().get("price").decimalValue();
    }

    private static void assertProblem(String method, String path, int status, String detail) {
        Reply reply = Browser.send(method, a + path);
        assertThat(reply.status()).as(path).isEqualTo(status);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.json().get("detail").asString()).isEqualTo(detail);
        assertThat(reply.json().get("instance").asString())
                .isEqualTo(URI.create(a + path).getPath());
    }

    private static void assertSameAsPlainSql(JsonNode report, String where) throws SQLException {
        String from = " FROM order_line JOIN orders ON id = order_id WHERE " + where;
        assertThat(report.get("revenue").decimalValue())
                .isEqualByComparingTo(database.value("SELECT sum(quantity * unit_price)" + from));
        assertThat(Integer.toString(report.get("rows").size()))
                .isEqualTo(database.value(
                        "SELECT count(DISTINCT (extract(year FROM ordered_at), extract(month FROM ordered_at), country))"
                                + from));
        JsonNode row = report.get("rows").get(report.get("rows").size() - 1);
        String ofRow = from + " AND country = '" + row.get("country").asString()
                + "' AND to_char(ordered_at, 'YYYY-MM') = '" + row.get("month").asString() + "'";
        assertThat(row.get("revenue").decimalValue())
                .isEqualByComparingTo(database.value("SELECT sum(quantity * unit_price)" + ofRow));
        // the median by counting: as many lines below it as above
        List<BigDecimal> lines = database.column("SELECT quantity * unit_price" + ofRow + " ORDER BY 1").stream()
                .map(BigDecimal::new)
                .toList();
        BigDecimal middle = lines.get((lines.size() - 1) / 2)
                .add(lines.get(lines.size() / 2))
                .divide(BigDecimal.valueOf(2));
        assertThat(row.get("medianLine").decimalValue().subtract(middle).abs()).isLessThan(new BigDecimal("0.0051"));
    }
}
