package dev.aside.offload.http;

import java.util.Objects;

/**
 * What a request says, as far as the contract reads it. Takes any text. Immutable; headers are parsed when asked for.
 *
 * <p>Forwarded headers are never read. If a trusted proxy changes authority or scheme, configure the base URL.
 */
public final class JobRequest {
    private final Headers headers;
    private final String query;
    private final boolean secure;

    /**
     * A request.
     *
     * @param headers its headers
     * @param query the raw query string without the question mark, may be empty
     * @param secure whether its connection is TLS; used only when addresses are built from the request
     */
    public JobRequest(Headers headers, String query, boolean secure) {
        this.headers = Objects.requireNonNull(headers, "headers");
        this.query = Objects.requireNonNull(query, "query");
        this.secure = secure;
    }

    /** A request without query, over a plain connection. */
    public static JobRequest of(Headers headers) {
        return new JobRequest(headers, "", false);
    }

    /** Its headers. */
    public Headers headers() {
        return headers;
    }

    boolean isSecure() {
        return secure;
    }

    Prefer prefer() {
        return Prefer.parse(headers.all("Prefer"));
    }

    Accept accept() {
        return Accept.parse(headers.all("Accept"));
    }

    EntityTags ifMatch() {
        return EntityTags.parse(headers.all("If-Match"));
    }

    EntityTags ifNoneMatch() {
        return EntityTags.parse(headers.all("If-None-Match"));
    }

    IdempotencyKey idempotencyKey() {
        return IdempotencyKey.parse(headers.all("Idempotency-Key"));
    }

    long lastEventId() {
        return LastEventId.parse(headers.all("Last-Event-ID"));
    }

    /** Whether it wants the status document whatever the profile. The first {@code redirect} parameter counts. */
    boolean wantsDocument() {
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith("redirect=")) {
                return parameter.equals("redirect=false") || accept().names(MediaTypes.JOB);
            }
        }
        return accept().names(MediaTypes.JOB);
    }
}
