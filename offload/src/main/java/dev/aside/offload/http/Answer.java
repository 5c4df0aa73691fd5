package dev.aside.offload.http;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer to write: immutable.
 *
 * @param status the status code
 * @param headers to be set in this order, {@code Content-Type} among them unless there is no body
 * @param body what goes into the body
 */
public record Answer(int status, Headers headers, Body body) {
    public Answer {
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(body, "body");
    }

    static Answer empty(int status, Headers.Builder headers) {
        return new Answer(status, headers.build(), new Body.None());
    }

    static Answer result(int status, Headers.Builder headers) {
        return new Answer(status, headers.build(), new Body.Result());
    }

    static Answer document(
            int status, Headers.Builder headers, String mediaType, Map<String, @Nullable Object> members) {
        return new Answer(status, headers.set("Content-Type", mediaType).build(), new Body.Document(members));
    }
}
