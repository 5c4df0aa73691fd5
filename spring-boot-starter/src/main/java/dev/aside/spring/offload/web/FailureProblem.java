package dev.aside.spring.offload.web;

import dev.aside.offload.job.JobProblem;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.http.HttpStatus;

/** What a failed job keeps of the answer that the application has to its exception: the problem document, and the status. */
final class FailureProblem {
    private static final Map<String, Integer> SECURITY = Map.of(
            "org.springframework.security.access.AccessDeniedException", 403,
            "org.springframework.security.core.AuthenticationException", 401);

    private FailureProblem() {}

    static JobProblem of(RecordedResponse answer) {
        int status = answer.getStatus() >= 400 && answer.getStatus() <= 599 ? answer.getStatus() : 500;
        Map<String, Object> document = document(answer);
        String type = text(document, "type");
        String title = text(document, "title");
        return new JobProblem(
                type == null || type.equals("about:blank") ? JobProblem.failed().type() : type,
                title == null ? title(status) : title,
                status,
                text(document, "detail"),
                false);
    }

    /** Of an exception that nobody handles, but that Spring Security answers; null for any other. */
    static @Nullable JobProblem ofSecurity(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
            Integer status = SECURITY.get(type.getName());
            if (status != null) {
                return new JobProblem(JobProblem.failed().type(), title(status), status, null, false);
            }
        }
        return null;
    }

    private static String title(int status) {
        HttpStatus known = HttpStatus.resolve(status);
        return known == null ? JobProblem.failed().title() : known.getReasonPhrase();
    }

    private static Map<String, Object> document(RecordedResponse answer) {
        String type = answer.getContentType();
        if (answer.isError() || type == null || !type.startsWith("application/problem+json")) {
            return Map.of();
        }
        String json = new String(answer.toStored().body(), StandardCharsets.UTF_8);
        try {
            return JsonParserFactory.getJsonParser().parseMap(json);
        } catch (JsonParseException e) {
            return Map.of(); // then the status has to do
        }
    }

    private static @Nullable String text(Map<String, Object> document, String name) {
        return document.get(name) instanceof String text && !text.isEmpty() ? text : null;
    }
}
