package dev.aside.demo.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tukaani.xz.XZInputStream;

/** The Online Retail data set as a file: {@code .csv.xz} with its header line. Immutable. */
public final class RetailFile implements SalesLines {
    static final String HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
    private static final int LONGEST_HEADER = 1_000;

    private final Path file;

    private RetailFile(Path file) {
        this.file = file;
    }

    /**
     * The file, looked at as far as its header.
     *
     * @throws ShopDataException if it is not there, not in xz format, or something else than the Online Retail data
     */
    public static RetailFile of(Path file) {
        RetailFile retail = new RetailFile(file);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new ShopDataException("cannot read data file " + file + ": "
                    + (Files.exists(file) ? "it is not a readable file" : "there is no such file"));
        }
        try (InputStream lines = retail.open()) {
            retail.requireHeader(lines);
        } catch (IOException e) {
            throw retail.unreadable(e);
        }
        return retail;
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream lines = open()) {
            requireHeader(lines);
            byte[] buffer = new byte[1 << 16];
            for (int n = read(lines, buffer); n >= 0; n = read(lines, buffer)) {
                out.write(buffer, 0, n);
            }
        }
    }

    private InputStream open() throws IOException {
        return new BufferedInputStream(
                new XZInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16)), 1 << 16);
    }

    private int read(InputStream lines, byte[] buffer) {
        try {
            return lines.read(buffer);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void requireHeader(InputStream lines) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = lines.read(); b >= 0 && b != '\n' && line.size() < LONGEST_HEADER; b = lines.read()) {
            line.write(b);
        }
        String header = line.toString(StandardCharsets.UTF_8).stripTrailing();
        if (!header.equals(HEADER)) {
            String start = header.length() > 60 ? header.substring(0, 60) + "..." : header;
            throw new ShopDataException(file + " is not the Online Retail data: it begins with '" + start
                    + "' [hint: expected " + HEADER + "]");
        }
    }

    private ShopDataException unreadable(IOException e) {
        String reason = e instanceof EOFException ? "it ends too early" : String.valueOf(e.getMessage());
        return new ShopDataException(
                "cannot read data file " + file + ": " + reason + " [hint: it should be a .csv.xz]", e);
    }
}
