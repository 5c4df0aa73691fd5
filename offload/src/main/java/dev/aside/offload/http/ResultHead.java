package dev.aside.offload.http;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Status and headers of what an operation answered; the body lies with whoever has it. Immutable.
 *
 * @param status 200..599
 * @param headers its own headers
 */
public record ResultHead(int status, Headers headers) {
    /** Of one connection, one moment or one browser: not for whoever fetches the result later. */
    private static final Set<String> NOT_REPLAYED = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "content-length",
            "date",
            "set-cookie",
            "set-cookie2",
            "cache-control",
            "expires",
            "pragma");

    /**
     * @throws IllegalArgumentException if the status is not 200..599
     */
    public ResultHead {
        Objects.requireNonNull(headers, "headers");
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status " + status + " of a result is not final. Hint: 200..599.");
        }
    }

    /** A status without headers. */
    public static ResultHead of(int status) {
        return new ResultHead(status, Headers.NONE);
    }

    /**
     * As it is sent again. An operation's own 202 is sent as 200: under the address of a job 202 means that the job is
     * not over, and a client would poll for ever.
     */
    ResultHead replayed() {
        Headers.Builder kept = Headers.builder();
        List<String> perConnection = headers.all("Connection").stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
        for (Headers.Field field : headers.fields()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!NOT_REPLAYED.contains(name) && !perConnection.contains(name) && isWritable(field)) {
                kept.add(field.name(), field.value());
            }
        }
        return new ResultHead(status == 202 ? 200 : status, kept.build());
    }

    /** Whether it cannot break out of its line; what a store gives back is not trusted either. */
    private static boolean isWritable(Headers.Field field) {
        return !field.name().isEmpty()
                && field.name().chars().allMatch(c -> HeaderScanner.isTokenChar((char) c))
                && field.value().chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff));
    }

    /** Whether it is a success. */
    boolean isSuccess() {
        return status < 300;
    }
}
