package dev.aside.spring.offload.web;

import dev.aside.offload.http.Headers;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A response that keeps what is written to it. Not thread-safe; what it has no answer for, it refuses. */
final class RecordedResponse extends HttpServletResponseWrapper {
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ServletOutputStream stream = new BodyStream(body);
    private int status = SC_OK;
    private @Nullable String error;
    private @Nullable String encoding;
    private @Nullable PrintWriter writer;
    private Locale locale = Locale.getDefault();

    RecordedResponse() {
        super(Gone.of(HttpServletResponse.class, "response"));
    }

    /** Whether somebody asked for the error page of the application, rather than writing an answer. */
    boolean isError() {
        return error != null;
    }

    /** What to tell the error page; may be empty. */
    String error() {
        return error == null ? "" : error;
    }

    /** Everything that was written. */
    StoredResponse toStored() {
        flushBuffer();
        Headers.Builder all = Headers.builder();
        headers.forEach((name, values) -> values.forEach(value -> all.add(name, value)));
        return new StoredResponse(status, all.build(), body.toByteArray());
    }

    // ---- status

    @Override
    public void setStatus(int status) {
        this.status = status;
    }

    @Override
    public int getStatus() {
        return status;
    }

    @Override
    public void sendError(int status) {
        sendError(status, "");
    }

    @Override
    public void sendError(int status, @Nullable String message) {
        resetBuffer();
        this.status = status;
        this.error = message == null ? "" : message;
    }

    @Override
    public void sendRedirect(String location) {
        sendRedirect(location, SC_FOUND, true);
    }

    @Override
    public void sendRedirect(String location, int status, boolean clearBuffer) {
        if (clearBuffer) {
            resetBuffer();
        }
        this.status = status;
        setHeader("Location", location);
    }

    // ---- headers

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, new ArrayList<>(List.of(value)));
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        boolean single = name.equalsIgnoreCase("Content-Type") || name.equalsIgnoreCase("Content-Length");
        if (single) {
            setHeader(name, value);
        } else if (value != null) {
            headers.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        setHeader(name, Integer.toString(value));
    }

    @Override
    public void addIntHeader(String name, int value) {
        addHeader(name, Integer.toString(value));
    }

    @Override
    public void setDateHeader(String name, long date) {
        setHeader(name, text(date));
    }

    @Override
    public void addDateHeader(String name, long date) {
        addHeader(name, text(date));
    }

    private static String text(long date) {
        return HTTP_DATE.format(Instant.ofEpochMilli(date).atOffset(ZoneOffset.UTC));
    }

    @Override
    public void addCookie(Cookie cookie) {
        StringBuilder text = new StringBuilder(cookie.getName()).append('=').append(cookie.getValue());
        cookie.getAttributes().forEach((name, value) -> {
            text.append("; ").append(name);
            if (!value.isEmpty()) {
                text.append('=').append(value);
            }
        });
        addHeader("Set-Cookie", text.toString());
    }

    @Override
    public boolean containsHeader(String name) {
        return headers.containsKey(name);
    }

    @Override
    public @Nullable String getHeader(String name) {
        List<String> values = headers.get(name);
        return values == null ? null : values.get(0);
    }

    @Override
    public Collection<String> getHeaders(String name) {
        return List.copyOf(headers.getOrDefault(name, List.of()));
    }

    @Override
    public Collection<String> getHeaderNames() {
        return List.copyOf(headers.keySet());
    }

    @Override
    public String encodeURL(String url) {
        return url;
    }

    @Override
    public String encodeRedirectURL(String url) {
        return url;
    }

    // ---- body

    @Override
    public void setContentType(@Nullable String type) {
        setHeader("Content-Type", type);
    }

    @Override
    public @Nullable String getContentType() {
        return getHeader("Content-Type");
    }

    @Override
    public void setContentLength(int length) {
        setContentLengthLong(length);
    }

    @Override
    public void setContentLengthLong(long length) {
        setHeader("Content-Length", Long.toString(length));
    }

    @Override
    public void setCharacterEncoding(@Nullable String encoding) {
        this.encoding = encoding;
    }

    @Override
    public void setCharacterEncoding(@Nullable Charset encoding) {
        setCharacterEncoding(encoding == null ? null : encoding.name());
    }

    @Override
    public String getCharacterEncoding() {
        return encoding == null ? StandardCharsets.ISO_8859_1.name() : encoding;
    }

    @Override
    public void setLocale(Locale locale) {
        this.locale = locale;
        setHeader("Content-Language", locale.toLanguageTag());
    }

    @Override
    public Locale getLocale() {
        return locale;
    }

    @Override
    public ServletOutputStream getOutputStream() {
        return stream;
    }

    @Override
    public PrintWriter getWriter() {
        if (writer == null) {
            String type = getContentType();
            if (type != null && encoding != null && !type.contains("charset=")) {
                setContentType(type + ";charset=" + encoding);
            }
            writer = new PrintWriter(new OutputStreamWriter(body, Charset.forName(getCharacterEncoding())));
        }
        return writer;
    }

    @Override
    public void flushBuffer() {
        if (writer != null) {
            writer.flush();
        }
    }

    @Override
    public void resetBuffer() {
        flushBuffer();
        body.reset();
    }

    @Override
    public void reset() {
        resetBuffer();
        headers.clear();
        status = SC_OK;
    }

    @Override
    public boolean isCommitted() {
        return error != null;
    }

    @Override
    public int getBufferSize() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void setBufferSize(int size) {}

    private static final class BodyStream extends ServletOutputStream {
        private final ByteArrayOutputStream body;

        BodyStream(ByteArrayOutputStream body) {
            this.body = body;
        }

        @Override
        public void write(int b) {
            body.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            body.write(bytes, offset, length);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("an offloaded answer is kept, not streamed. Hint: write it as it is made.");
        }

        @Override
        public void flush() throws IOException {}
    }
}
