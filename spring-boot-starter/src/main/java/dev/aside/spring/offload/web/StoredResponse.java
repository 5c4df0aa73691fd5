package dev.aside.spring.offload.web;

import dev.aside.offload.http.Headers;
import dev.aside.offload.http.ResultHead;
import dev.aside.offload.job.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an operation answered, complete: status, headers, and the bytes of the body. Whoever has it can send it, without
 * a class of the application. Immutable as long as nobody changes the array.
 */
final class StoredResponse {
    /** What the bytes are. */
    static final String CONTENT_TYPE = "application/vnd.aside.response";

    private static final int VERSION = 1;
    private static final int MAX_FIELDS = 1_000;

    private final ResultHead head;
    private final byte[] body;

    /**
     * @param body not copied
     */
    StoredResponse(int status, Headers headers, byte[] body) {
        this.head = new ResultHead(status, headers);
        this.body = Objects.requireNonNull(body, "body");
    }

    ResultHead head() {
        return head;
    }

    int status() {
        return head.status();
    }

    Headers headers() {
        return head.headers();
    }

    byte[] body() {
        return body;
    }

    Payload toPayload() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeShort(status());
            out.writeShort(headers().fields().size());
            for (Headers.Field field : headers().fields()) {
                write(out, field.name().getBytes(StandardCharsets.UTF_8));
                write(out, field.value().getBytes(StandardCharsets.UTF_8));
            }
            write(out, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail like that
        }
        return Payload.of(bytes.toByteArray(), CONTENT_TYPE);
    }

    private static void write(DataOutputStream out, byte[] part) throws IOException {
        out.writeInt(part.length);
        out.write(part);
    }

    /**
     * @throws IllegalArgumentException if the bytes are of a later version, or damaged
     */
    static StoredResponse of(Payload payload) {
        byte[] bytes = payload.bytes();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IllegalArgumentException("a stored response is of version " + version + ", this node reads "
                        + VERSION + ". Hint: a newer node wrote it; finish the roll-out.");
            }
            int status = in.readUnsignedShort();
            int fields = in.readUnsignedShort();
            if (fields > MAX_FIELDS) {
                throw damaged(null);
            }
            Headers.Builder headers = Headers.builder();
            for (int i = 0; i < fields; i++) {
                headers.add(text(in), text(in));
            }
            return new StoredResponse(status, headers.build(), part(in));
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(part(in), StandardCharsets.UTF_8);
    }

    private static byte[] part(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw damaged(null);
        }
        return in.readNBytes(length);
    }

    private static IllegalArgumentException damaged(@Nullable IOException cause) {
        return new IllegalArgumentException("a stored response is damaged", cause);
    }
}
