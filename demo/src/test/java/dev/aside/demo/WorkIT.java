package dev.aside.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.demo.Browser.Reply;
import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;

/**
 * Slow work of the demo: what is answered, at once on node B, as a job on node A; and on node C, which keeps jobs in memory
 * and so makes one of the fastest work too.
 */
class WorkIT {
    private static final SqlLog SQL = new SqlLog();

    private static Demo demo;
    private static Database database;
    private static String a;
    private static String b;
    private static String c;

    @BeforeAll
    static void openShop() {
        DemoOptions options =
                DemoOptions.parse("--ports=0,0,0", "--lines=20000", "--seed=7", "--spring.jmx.enabled=false");
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        demo = Demo.start(options, nowhere, context -> {
            SQL.initialize(context);
            String node = context.getBeanFactory().getSingleton("nodeInfo").toString();
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "test",
                            Map.of(
                                    "aside.offload.threshold",
                                    node.contains("name=B") ? "30s" : "0ms",
                                    "aside.offload.redis.enabled",
                                    !node.contains("name=C"),
                                    // long enough for a hit on any machine; the first call is held up for longer
                                    "aside.offload.types.bestsellers.threshold",
                                    "2s")));
        });
        database = new Database(demo.servers().jdbcUrl());
        a = demo.urls().get(0);
        b = demo.urls().get(1);
        c = demo.urls().get(2);
    }

    @AfterAll
    static void closeShop() {
        demo.close();
    }

    /** The result of the job that the answer leads to. */
    private static HttpResponse<byte[]> resultOf(HttpResponse<?> accepted) {
        assertThat(accepted.statusCode()).isEqualTo(202);
        String job = accepted.headers().firstValue("Location").orElseThrow();
        await().until(() -> Browser.get(job).status() != 202);
        return Browser.getBytes(job + "/result");
    }

    /** Posts to a node until the work was not done at once; how it ended as a job. */
    private static HttpResponse<byte[]> asJob(String node, String path, String contentType, byte[] body) {
        AtomicReference<HttpResponse<byte[]>> accepted = new AtomicReference<>();
        await().until(() -> {
            accepted.set(Browser.post(node + path, contentType, body));
            return accepted.get().statusCode() == 202;
        });
        return resultOf(accepted.get());
    }

    private static String contentType(HttpResponse<?> answer) {
        return answer.headers().firstValue("Content-Type").orElse("");
    }

    // ---- PDF

    private static void assertIsInvoiceOf(byte[] pdf, String order, int pages) throws SQLException, IOException {
        String text;
        try (PDDocument document = Loader.loadPDF(pdf)) {
            assertThat(document.getNumberOfPages()).isEqualTo(pages);
            text = new PDFTextStripper().getText(document);
        }
        String from = " FROM order_line WHERE order_id = '" + order + "'";
        assertThat(text).contains("Invoice " + order, "page " + pages + " of " + pages);
        List<String> lines = database.column(
                "SELECT sku || '|' || quantity || ' x ' || round(unit_price, 2) || ' ' || round(quantity * unit_price, 2)"
                        + from + " ORDER BY line_no");
        List<String> printed = text.lines().toList();
        int at = 0;
        for (String line : lines) {
            String sku = line.substring(0, line.indexOf('|'));
            String rest = line.substring(line.indexOf('|') + 1);
            while (at < printed.size()
                    && !(printed.get(at).startsWith(sku + " ")
                            && printed.get(at).endsWith(rest))) {
                at++;
            }
            assertThat(at).as("line %s in %s", line, text).isLessThan(printed.size());
            at++;
        }
        BigDecimal total = new BigDecimal(database.value("SELECT sum(quantity * unit_price)" + from))
                .setScale(2, RoundingMode.HALF_UP);
        assertThat(text).contains("Total GBP " + total);
    }

    private static String orderOf(String lines) throws SQLException {
        return database.value("SELECT order_id FROM order_line GROUP BY order_id HAVING count(*) " + lines
                + " ORDER BY count(*) DESC, order_id LIMIT 1");
    }

    @Test
    void invoice_inTime_isAPdfOfTheOrder() throws Exception {
        String order = orderOf("BETWEEN 3 AND 40");
        HttpResponse<byte[]> answer =
                Browser.post(b + "/orders/" + order + "/invoice", "application/octet-stream", new byte[0]);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(contentType(answer)).isEqualTo("application/pdf");
        assertIsInvoiceOf(answer.body(), order, 1);
    }

    @Test
    void invoice_asAJob_isTheSamePdf() throws Exception {
        String order = orderOf("> 40");
        int lines =
                Integer.parseInt(database.value("SELECT count(*) FROM order_line WHERE order_id = '" + order + "'"));
        HttpResponse<byte[]> result =
                asJob(a, "/orders/" + order + "/invoice", "application/octet-stream", new byte[0]);
        assertThat(result.statusCode()).isEqualTo(200);
        assertThat(contentType(result)).isEqualTo("application/pdf");
        assertIsInvoiceOf(result.body(), order, (lines + 39) / 40);
    }

    // ---- mail

    private static List<MimeMessage> mailsTo(String address) {
        return demo.servers().mails().messages().stream()
                .filter(mail -> recipient(mail).equals(address))
                .toList();
    }

    private static String recipient(MimeMessage mail) {
        try {
            return mail.getHeader("To", ", ");
        } catch (jakarta.mail.MessagingException e) {
            throw new AssertionError("a mail without recipient", e);
        }
    }

    @Test
    void confirmation_isAJob_thatSendsTheInvoice() throws Exception {
        String order = orderOf("BETWEEN 3 AND 40");
        Reply accepted = Browser.send("POST", b + "/orders/" + order + "/confirmation?to=alice@example.org");
        assertThat(accepted.json().get("type").asString()).isEqualTo("email.order-confirmation");
        String job = accepted.json().get("id").asString();
        HttpResponse<byte[]> result = resultOf(accepted.response());
        String messageId = "<" + job + "@aside.example>";
        assertThat(new String(result.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"messageId\":\"" + messageId + "\",\"to\":\"alice@example.org\"}");

        List<MimeMessage> mails = mailsTo("alice@example.org");
        assertThat(mails).hasSize(1);
        MimeMessage mail = mails.get(0);
        assertThat(mail.getMessageID()).isEqualTo(messageId);
        assertThat(mail.getSubject()).isEqualTo("Your order " + order);
        Multipart parts = (Multipart) mail.getContent();
        BodyPart attached = parts.getBodyPart(parts.getCount() - 1);
        assertThat(attached.getFileName()).isEqualTo("invoice-" + order + ".pdf");
        assertIsInvoiceOf(attached.getInputStream().readAllBytes(), order, 1);
        assertThat(Browser.get(b + "/admin/mails").body()).contains("Your order " + order, "invoice-" + order + ".pdf");
    }

    @Test
    void confirmation_sameKeyTwice_sendsOneMail() throws Exception {
        String order = orderOf("BETWEEN 3 AND 40");
        String path = b + "/orders/" + order + "/confirmation?to=";
        String[] key = {"Idempotency-Key", "confirm-" + order};
        Reply first = Browser.send("POST", path + "bob@example.org", key);
        Reply again = Browser.send("POST", path + "bob@example.org", key);
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        Reply other = Browser.send("POST", path + "carol@example.org", key);
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().get("detail").asString())
                .isEqualTo("the Idempotency-Key came with another order or address before");
        resultOf(first.response());
        assertThat(mailsTo("bob@example.org")).hasSize(1);
        assertThat(mailsTo("carol@example.org")).isEmpty();
    }

    @Test
    void confirmation_wrongAddress_isRefused() throws Exception {
        Reply reply = Browser.send("POST", b + "/orders/" + orderOf("> 2") + "/confirmation?to=nobody");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("detail").asString())
                .isEqualTo("'nobody' is not a mail address [hint: alice@example.org]");
    }

    // ---- pictures

    /** Left half red, right half blue. */
    private static byte[] picture(String format) throws IOException {
        BufferedImage image = new BufferedImage(1_200, 600, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, 600, 600);
        graphics.setColor(Color.BLUE);
        graphics.fillRect(600, 0, 600, 600);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, bytes)).isTrue();
        return bytes.toByteArray();
    }

    private static void assertIsThumbnail(HttpResponse<byte[]> answer, int width, int height) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(contentType(answer)).isEqualTo("image/png");
        BufferedImage small = ImageIO.read(new ByteArrayInputStream(answer.body()));
        assertThat(small.getWidth()).isEqualTo(width);
        assertThat(small.getHeight()).isEqualTo(height);
        Color left = new Color(small.getRGB(width / 4, height / 2));
        Color right = new Color(small.getRGB(width * 3 / 4, height / 2));
        assertThat(left.getRed() - left.getBlue()).isGreaterThan(200);
        assertThat(right.getBlue() - right.getRed()).isGreaterThan(200);
    }

    @Test
    void thumbnail_inTimeAndAsAJob_isThePictureMadeSmall() throws Exception {
        assertIsThumbnail(Browser.post(b + "/thumbnails", "image/png", picture("png")), 160, 80);
        assertIsThumbnail(Browser.post(b + "/thumbnails?width=50", "image/jpeg", picture("jpg")), 50, 25);
        assertIsThumbnail(asJob(a, "/thumbnails?width=300", "image/png", picture("png")), 300, 150);
    }

    @Test
    void thumbnail_unusablePicture_saysWhy() throws Exception {
        byte[] broken = Arrays.copyOf(picture("png"), 60);
        assertUnusable(broken, "the picture is broken");
        assertUnusable(new byte[100], "the body is no picture [hint: PNG, JPEG, GIF or BMP]");
        byte[] huge = picture("png");
        huge[17] = 127; // the width in the header, 1200: bytes 16 to 19
        assertUnusable(huge, "the picture has 8324272 x 600 pixels [hint: at most 50 million]");
    }

    private static void assertUnusable(byte[] image, String why) {
        HttpResponse<byte[]> inTime = Browser.post(b + "/thumbnails", "image/png", image);
        HttpResponse<byte[]> asJob = asJob(c, "/thumbnails", "image/png", image);
        assertThat(List.of(inTime, asJob)).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(contentType(answer)).isEqualTo("application/problem+json");
            assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                    .contains("\"detail\":\"" + why + "\"", "urn:aside-demo:unusable-image");
        });
    }

    // ---- a cached method behind a job

    @Test
    void bestsellers_notCached_becomeAJob_andTheNextCallIsAnsweredFromTheCache() throws Exception {
        Reply start;
        SQL.clear();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE order_line"); // the first load waits for this, beyond the threshold
            start = Browser.get(a + "/reports/bestsellers");
            assertThat(start.status()).isEqualTo(202);
            assertThat(start.source()).isEmpty();
        }
        HttpResponse<byte[]> result = resultOf(start.response());
        assertThat(result.statusCode()).isEqualTo(200);
        assertThat(result.headers().firstValue("X-Aside-Source")).contains("LOAD");

        Reply next = Browser.get(a + "/reports/bestsellers");
        assertThat(next.status()).isEqualTo(200);
        assertThat(next.source()).isEqualTo("L1");
        Reply other = Browser.get(b + "/reports/bestsellers");
        assertThat(other.status()).isEqualTo(200);
        assertThat(other.source()).isEqualTo("L2");
        assertThat(SQL.count("AS share")).isEqualTo(1);
        assertThat(other.body()).isEqualTo(next.body());
        assertThat(next.body()).isEqualTo(new String(result.body(), StandardCharsets.UTF_8));
        assertThat(next.json().size()).isEqualTo(20);
        assertThat(next.json().get(0).get("revenue").decimalValue())
                .isEqualByComparingTo(
                        database.value("SELECT max(r) FROM (SELECT sum(quantity * unit_price) AS r FROM order_line"
                                + " GROUP BY sku) s"));
    }
}
