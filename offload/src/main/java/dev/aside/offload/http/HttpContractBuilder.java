package dev.aside.offload.http;

import dev.aside.offload.TypeOptions;
import dev.aside.offload.job.JobProblem;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the options of an {@link HttpContract}. Not thread-safe. */
public final class HttpContractBuilder {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private @Nullable Addresses addresses;
    private String jobsPath = "/jobs";
    CompletionProfile profile = CompletionProfile.REDIRECT;
    String problemBase = JobProblem.BASE;
    boolean exposeErrors;
    boolean strictKeys;
    Duration retryAfter = SECOND;
    Duration maxRetryAfter = Duration.ofSeconds(30);
    Duration maxPollWait = Duration.ofSeconds(30);
    Duration heartbeat = Duration.ofSeconds(15);

    HttpContractBuilder() {}

    /**
     * What addresses of jobs begin with, as clients reach this service.
     *
     * @param baseUrl e.g. {@code https://api.example.com/v1}; http or https, without user, query and fragment
     * @throws IllegalArgumentException if it is something else
     * @throws IllegalStateException if addresses are to be built from requests
     */
    public HttpContractBuilder baseUrl(String baseUrl) {
        return addresses("baseUrl", Addresses.configured(baseUrl));
    }

    /**
     * Builds addresses from the {@code Host} header of each request and from whether its connection is TLS. Forwarded
     * headers do not count. A malformed or unknown host is answered with 400.
     *
     * @param allowedHosts names with or without port; none: whatever is well formed, which lets a client choose the
     *     addresses in its own answers
     * @throws IllegalArgumentException if one is not a host
     * @throws IllegalStateException if a base URL is set
     */
    public HttpContractBuilder addressesFromRequest(String... allowedHosts) {
        return addresses("addressesFromRequest", Addresses.ofRequest(Set.copyOf(List.of(allowedHosts))));
    }

    private HttpContractBuilder addresses(String what, Addresses chosen) {
        if (addresses != null) {
            throw new IllegalStateException(
                    what + " is set after addresses were configured already. Hint: one of baseUrl and"
                            + " addressesFromRequest, once.");
        }
        addresses = chosen;
        return this;
    }

    /**
     * Where jobs are, after the base URL; {@code /jobs} unless set.
     *
     * @throws IllegalArgumentException if it does not begin with a slash, ends with one, or needs escaping
     */
    public HttpContractBuilder jobsPath(String jobsPath) {
        this.jobsPath = Addresses.checkedPath(jobsPath);
        return this;
    }

    /** What the address of a job answers when it is over; REDIRECT unless set. */
    public HttpContractBuilder completion(CompletionProfile profile) {
        this.profile = Objects.requireNonNull(profile, "profile");
        return this;
    }

    /**
     * What the types of problems begin with, {@value JobProblem#BASE} unless set.
     *
     * @param base an absolute URI that a name is appended to, e.g. {@code https://api.example.com/problems/}
     * @throws IllegalArgumentException if it is not
     */
    public HttpContractBuilder problemBase(String base) {
        if (!isAbsolute(base)) {
            throw new IllegalArgumentException("problem base '" + base + "' is not the beginning of a URI."
                    + " Hint: ends with a slash, colon or hash, e.g. https://api.example.com/problems/.");
        }
        this.problemBase = base;
        return this;
    }

    private static boolean isAbsolute(String base) {
        try {
            return new URI(base + "x").isAbsolute() && base.matches(".*[/:#]");
        } catch (URISyntaxException e) {
            return false; // the caller says what is wrong
        }
    }

    /**
     * Shows the class and message of a job's exception to clients, as the detail of a problem that has none. They may
     * hold anything: for development only. Off unless set.
     */
    public HttpContractBuilder exposeErrors(boolean exposeErrors) {
        this.exposeErrors = exposeErrors;
        return this;
    }

    /** Answers a repeated request with 409 while the first one runs, as the IETF draft says, instead of 202. */
    public HttpContractBuilder strictIdempotencyKeys(boolean strictKeys) {
        this.strictKeys = strictKeys;
        return this;
    }

    /**
     * When to ask again if nobody has an estimate; 1 s unless set.
     *
     * @throws IllegalArgumentException if it is not within 100 ms..1 h
     */
    public HttpContractBuilder retryAfter(Duration retryAfter) {
        this.retryAfter = Durations.within("retryAfter", retryAfter, Duration.ofMillis(100), HOUR);
        return this;
    }

    /**
     * The longest pause between polls, whatever is estimated; 30 s unless set.
     *
     * @throws IllegalArgumentException if it is not within 1 s..1 h
     */
    public HttpContractBuilder maxRetryAfter(Duration maxRetryAfter) {
        this.maxRetryAfter = Durations.within("maxRetryAfter", maxRetryAfter, SECOND, HOUR);
        return this;
    }

    /**
     * The longest time a poll is held back; 30 s unless set, below the 60 s after which proxies give up. Zero: never.
     *
     * @throws IllegalArgumentException if it is negative or above {@link TypeOptions#MAX_THRESHOLD}
     */
    public HttpContractBuilder maxPollWait(Duration maxPollWait) {
        this.maxPollWait = Durations.within("maxPollWait", maxPollWait, Duration.ZERO, TypeOptions.MAX_THRESHOLD);
        return this;
    }

    /**
     * How long a stream of events may be silent; 15 s unless set.
     *
     * @throws IllegalArgumentException if it is not within 1 s..60 s
     */
    public HttpContractBuilder heartbeat(Duration heartbeat) {
        this.heartbeat = Durations.within("heartbeat", heartbeat, SECOND, Duration.ofSeconds(60));
        return this;
    }

    /**
     * The contract.
     *
     * @throws IllegalStateException if neither a base URL nor addresses from requests are configured, or the pauses
     *     contradict each other
     */
    public HttpContract build() {
        if (addresses == null) {
            throw new IllegalStateException("the HTTP contract has no base URL, and clients need absolute addresses."
                    + " Hint: baseUrl(\"https://api.example.com\"), or addressesFromRequest().");
        }
        if (retryAfter.compareTo(maxRetryAfter) > 0) {
            throw new IllegalStateException("retryAfter " + retryAfter + " is above maxRetryAfter " + maxRetryAfter
                    + ". Hint: raise maxRetryAfter.");
        }
        return new HttpContract(this, addresses.at(jobsPath));
    }
}
