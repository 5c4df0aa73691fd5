package dev.aside.demo.documents;

import dev.aside.demo.shop.Order;
import dev.aside.offload.JobContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/** The invoice of an order as a PDF, forty lines a page. */
public final class InvoicePdf {
    private static final int LINES_A_PAGE = 40;
    private static final float MARGIN = 50;
    private static final float LINE_HEIGHT = 16;
    private static final float SIZE = 9;
    private static final int LONGEST_NAME = 48;

    private final PDDocument document;
    private final PDFont plain = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
    private final PDFont bold = new PDType1Font(Standard14Fonts.FontName.HELVETICA_BOLD);

    private InvoicePdf(PDDocument document) {
        this.document = document;
    }

    /**
     * Makes it.
     *
     * @param job told of each page, and asked before it whether to stop
     */
    public static byte[] of(Order order, JobContext job) throws IOException {
        try (PDDocument document = new PDDocument()) {
            InvoicePdf invoice = new InvoicePdf(document);
            int pages = Math.max(1, (order.lines().size() + LINES_A_PAGE - 1) / LINES_A_PAGE);
            for (int page = 0; page < pages; page++) {
                job.throwIfCancelled();
                invoice.page(order, page, pages);
                job.progress(page + 1, pages, "page " + (page + 1));
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    private void page(Order order, int number, int pages) throws IOException {
        PDPage page = new PDPage(PDRectangle.A4);
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
            float y = PDRectangle.A4.getHeight() - MARGIN;
            text(content, bold, 14, MARGIN, y, "Invoice " + order.id());
            y -= LINE_HEIGHT;
            String when = DateTimeFormatter.ISO_LOCAL_DATE.format(order.orderedAt());
            text(
                    content,
                    plain,
                    SIZE,
                    MARGIN,
                    y,
                    when + ", " + order.country() + ", page " + (number + 1) + " of " + pages);
            y -= LINE_HEIGHT * 2;
            List<Order.Line> lines = order.lines()
                    .subList(number * LINES_A_PAGE, Math.min(order.lines().size(), (number + 1) * LINES_A_PAGE));
            for (Order.Line line : lines) {
                line(content, y, line);
                y -= LINE_HEIGHT;
            }
            if (number == pages - 1) {
                text(content, bold, SIZE + 2, MARGIN, y - LINE_HEIGHT, "Total GBP " + money(order.total()));
            }
        }
    }

    private void line(PDPageContentStream content, float y, Order.Line line) throws IOException {
        String name = line.name().length() > LONGEST_NAME ? line.name().substring(0, LONGEST_NAME) : line.name();
        text(content, plain, SIZE, MARGIN, y, line.sku());
        text(content, plain, SIZE, MARGIN + 60, y, name);
        text(content, plain, SIZE, MARGIN + 340, y, line.quantity() + " x " + money(line.unitPrice()));
        text(content, plain, SIZE, MARGIN + 440, y, money(line.sum()));
    }

    private static void text(PDPageContentStream content, PDFont font, float size, float x, float y, String text)
            throws IOException {
        content.beginText();
        content.setFont(font, size);
        content.newLineAtOffset(x, y);
        content.showText(printable(text));
        content.endText();
    }

    /** The standard fonts have Latin letters only, and refuse others. */
    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.chars().forEach(c -> shown.append((c >= ' ' && c < 127) || (c >= 161 && c <= 255) ? (char) c : '?'));
        return shown.toString();
    }

    private static String money(BigDecimal amount) {
        return String.format(Locale.ROOT, "%.2f", amount.setScale(2, RoundingMode.HALF_UP));
    }
}
