package dev.aside.offload.http;

import dev.aside.offload.OnWaitTimeout;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a request that may start work is to be served. Made by {@link HttpContract#start}; immutable. */
public final class StartPlan {
    final JobRequest request;
    /** The address of all jobs. */
    final String jobs;

    final PromotionMode mode;
    private final Duration threshold;
    private final @Nullable String applied;
    private final @Nullable String key;

    StartPlan(JobRequest request, String jobs, StartRules rules) {
        this.request = request;
        this.jobs = jobs;
        this.mode = rules.promotion();
        Prefer prefer = request.prefer();
        Duration asked = mode == PromotionMode.AT_ONCE ? null : prefer.waitTime();
        this.threshold = asked == null ? unasked(rules, prefer) : Durations.min(asked, rules.maxWait());
        this.applied = asked == null ? null : prefer.appliedWait(threshold);
        IdempotencyKey sent = request.idempotencyKey();
        this.key = rules.key() != KeyRule.IGNORED && sent.form() == IdempotencyKey.Form.PRESENT ? sent.value() : null;
    }

    private static Duration unasked(StartRules rules, Prefer prefer) {
        return switch (rules.promotion()) {
            case AT_ONCE -> Duration.ZERO;
            // who never heard of jobs waits as long as before, within reason
            case ON_REQUEST -> prefer.respondAsync() ? rules.threshold() : rules.maxWait();
            case AFTER_WAIT, NEVER -> rules.threshold();
        };
    }

    /** How long the client waits; zero: it gets a job at once. */
    public Duration threshold() {
        return threshold;
    }

    /** What becomes of the work then. */
    public OnWaitTimeout onWaitTimeout() {
        return switch (mode) {
            case AFTER_WAIT, AT_ONCE -> OnWaitTimeout.CONTINUE;
            case ON_REQUEST -> request.prefer().respondAsync() ? OnWaitTimeout.CONTINUE : OnWaitTimeout.CANCEL;
            case NEVER -> OnWaitTimeout.CANCEL;
        };
    }

    /** The idempotency key as the client sent it, 8..255 visible ASCII characters. */
    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(key);
    }

    /**
     * The idempotency key bound to who sent it and where: the same text from another caller or for another route is
     * another key. 64 characters, from which none of the parts can be read.
     *
     * @param caller who, e.g. the name of the authenticated subject; empty for anonymous
     * @param route what for, e.g. {@code POST /reports}
     */
    public Optional<String> idempotencyKey(String caller, String route) {
        return idempotencyKey().map(k -> hash(caller, route, k));
    }

    private static String hash(String... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                // with the length first no two lists of parts run together to the same bytes
                sha.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                sha.update(bytes);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** What is true of every answer to this request. */
    Headers.Builder headers(Headers from, boolean promoted) {
        Headers.Builder headers = from.toBuilder().vary("Prefer");
        List<String> honoured = new ArrayList<>();
        if (promoted && request.prefer().respondAsync()) {
            honoured.add("respond-async");
        }
        if (applied != null) {
            honoured.add(applied);
        }
        if (!honoured.isEmpty()) {
            headers.set("Preference-Applied", String.join(", ", honoured));
        }
        return headers;
    }

    JobLinks links(JobView job) {
        return JobLinks.of(jobs, job.id());
    }
}
