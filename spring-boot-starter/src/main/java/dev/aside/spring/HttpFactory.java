package dev.aside.spring;

import dev.aside.offload.http.HttpContract;
import dev.aside.offload.http.HttpContractBuilder;
import dev.aside.spring.AsideProperties.Http;
import java.util.List;
import java.util.Objects;
import org.springframework.core.env.Environment;

/** Brings {@code aside.offload.http.*} into the builder of the HTTP contract. */
final class HttpFactory {
    static final String PATH = "/jobs";

    private static final String PREFIX = "aside.offload.http.";
    private static final String ANY = "*";

    private HttpFactory() {}

    /**
     * @throws StartRefusedException if clients could not be given absolute addresses, or an option is out of its range
     */
    static HttpContractBuilder contract(Http http, Environment environment) {
        HttpContractBuilder builder = HttpContract.builder();
        addresses(builder, http);
        String path = Objects.requireNonNullElse(http.path(), PATH);
        String before = http.baseUrl() == null ? servletPath(environment) : "";
        Property.apply(PREFIX + "path", path, own -> builder.jobsPath(own).jobsPath(before + own));
        Property.apply(PREFIX + "problem-base", http.problemBase(), builder::problemBase);
        Property.apply(PREFIX + "max-retry-after", http.maxRetryAfter(), builder::maxRetryAfter);
        Property.apply(PREFIX + "retry-after", http.retryAfter(), builder::retryAfter);
        Property.apply(PREFIX + "max-poll-wait", http.maxPollWait(), builder::maxPollWait);
        Property.apply(PREFIX + "heartbeat", http.heartbeat(), builder::heartbeat);
        builder.exposeErrors(http.exposeErrors()).strictIdempotencyKeys(http.strictKeys());
        try {
            builder.build();
        } catch (IllegalStateException e) {
            throw StartRefusedException.because(e, List.of(PREFIX + "retry-after", PREFIX + "max-retry-after"));
        }
        return builder;
    }

    private static void addresses(HttpContractBuilder builder, Http http) {
        String baseUrl = http.baseUrl();
        if (baseUrl != null && !http.hosts().isEmpty()) {
            throw new StartRefusedException(
                    "addresses of jobs cannot begin with a base URL and with the host of each request",
                    "remove aside.offload.http.hosts",
                    List.of(PREFIX + "hosts", PREFIX + "base-url"));
        }
        if (baseUrl != null) {
            Property.apply(PREFIX + "base-url", baseUrl, builder::baseUrl);
        } else if (http.hosts().equals(List.of(ANY))) {
            builder.addressesFromRequest();
        } else if (!http.hosts().isEmpty()) {
            Property.apply(PREFIX + "hosts", http.hosts().toArray(new String[0]), builder::addressesFromRequest);
        } else {
            throw new StartRefusedException(
                    "there are offloaded endpoints, and nothing says what the absolute addresses of their jobs begin with",
                    "set aside.offload.http.base-url to how clients reach this service, such as https://api.example.com;"
                            + " or aside.offload.http.hosts to the hosts that requests may name, such as localhost",
                    List.of(PREFIX + "base-url", PREFIX + "hosts"));
        }
    }

    /** What stands before a controller's own path when this application is asked directly. */
    private static String servletPath(Environment environment) {
        return plain(environment.getProperty("server.servlet.context-path", ""))
                + plain(environment.getProperty("spring.mvc.servlet.path", ""));
    }

    private static String plain(String path) {
        String stripped = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return stripped.isEmpty() || stripped.startsWith("/") ? stripped : "/" + stripped;
    }
}
