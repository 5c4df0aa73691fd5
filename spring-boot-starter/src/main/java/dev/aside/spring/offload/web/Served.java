package dev.aside.spring.offload.web;

import dev.aside.offload.http.Answer;
import dev.aside.offload.http.Body;
import dev.aside.offload.http.Headers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An answer that is ready to be sent. Immutable. */
final class Served {
    /** Of these, what filters have said already stays. */
    private static final Set<String> ADDED = Set.of("vary", "set-cookie");

    private final Answer answer;
    private final byte[] body;
    /** What the error page is told; null unless it is to answer. */
    private final @Nullable String error;

    private final Map<String, Object> attributes;

    private Served(Answer answer, byte[] body, @Nullable String error, Map<String, Object> attributes) {
        this.answer = answer;
        this.body = body;
        this.error = error;
        this.attributes = attributes;
    }

    /** An answer without an operation's own body. */
    static Served of(Answer answer) {
        byte[] body = answer.body() instanceof Body.Document document
                ? document.toJson().getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        return new Served(answer, body, null, Map.of());
    }

    /** An answer, and what to send where it speaks of the operation's own result. */
    static Served of(Answer answer, byte[] result) {
        return answer.body() instanceof Body.Result ? new Served(answer, result, null, Map.of()) : of(answer);
    }

    /**
     * Has the application's error page answer.
     *
     * @param error what it is told, maybe nothing
     * @param attributes what it finds in the request
     */
    static Served error(Answer answer, String error, Map<String, Object> attributes) {
        return new Served(answer, new byte[0], error, attributes);
    }

    void writeTo(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Set<String> begun = new HashSet<>();
        for (Headers.Field field : answer.headers().fields()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (begun.add(name) && !ADDED.contains(name)) {
                response.setHeader(field.name(), field.value());
            } else {
                response.addHeader(field.name(), field.value());
            }
        }
        if (error != null) {
            attributes.forEach(request::setAttribute);
            response.sendError(answer.status(), error.isEmpty() ? null : error);
            return;
        }
        response.setStatus(answer.status());
        if (body.length > 0) {
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
        response.flushBuffer();
    }
}
