package dev.aside.spring.offload.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A request that takes the digest of its body while that is read; nothing is kept of it. Not thread-safe. */
final class DigestedRequest extends HttpServletRequestWrapper {
    private final MessageDigest digest = Fingerprint.digest();
    private @Nullable BodyStream stream;
    private @Nullable BufferedReader reader;

    DigestedRequest(HttpServletRequest request) {
        super(request);
    }

    /** The digest of the body, whose rest is read for it; that of nothing if nobody has begun to read. */
    byte[] bodyDigest() throws IOException {
        if (stream != null && !stream.closed) {
            stream.transferTo(OutputStream.nullOutputStream());
        }
        return digest.digest();
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (stream == null) {
            stream = new BodyStream(super.getInputStream(), digest);
        }
        return stream;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        if (reader == null) {
            String encoding = getCharacterEncoding();
            reader = new BufferedReader(new InputStreamReader(
                    getInputStream(), encoding == null ? StandardCharsets.ISO_8859_1.name() : encoding));
        }
        return reader;
    }

    private static final class BodyStream extends ServletInputStream {
        private final ServletInputStream body;
        private final MessageDigest digest;
        private boolean closed;

        BodyStream(ServletInputStream body, MessageDigest digest) {
            this.body = body;
            this.digest = digest;
        }

        @Override
        public int read() throws IOException {
            int b = body.read();
            if (b >= 0) {
                digest.update((byte) b);
            }
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = body.read(bytes, offset, length);
            if (n > 0) {
                digest.update(bytes, offset, n);
            }
            return n;
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }

        @Override
        public int available() throws IOException {
            return body.available();
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                transferTo(OutputStream.nullOutputStream());
                closed = true;
                body.close();
            }
        }
    }
}
