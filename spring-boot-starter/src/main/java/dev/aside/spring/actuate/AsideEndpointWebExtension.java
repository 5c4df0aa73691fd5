package dev.aside.spring.actuate;

import dev.aside.spring.actuate.AsideEndpoint.Invalidation;
import dev.aside.spring.actuate.AsideEndpoint.JobOrder;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * The endpoint {@code aside} over HTTP: says what was wrong with a request, by status and in words, and shows values to
 * whom they may be shown. Thread-safe.
 */
@EndpointWebExtension(endpoint = AsideEndpoint.class)
public final class AsideEndpointWebExtension {
    private static final int ACCEPTED = 202;

    private final AsideEndpoint endpoint;
    private final Show showValues;
    private final Set<String> roles;

    /**
     * The endpoint over HTTP.
     *
     * @param showValues whether a peek tells values
     * @param roles who is authorized to see them; empty for everybody who is known
     */
    public AsideEndpointWebExtension(AsideEndpoint endpoint, Show showValues, Set<String> roles) {
        this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
        this.showValues = Objects.requireNonNull(showValues, "showValues");
        this.roles = Set.copyOf(roles);
    }

    /** {@code GET /actuator/aside/{cache}?key=}. */
    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> cache(
            SecurityContext securityContext, @Selector String cache, @Nullable String key) {
        return answer(() -> endpoint.cache(cache, key, showValues.isShown(securityContext, roles)));
    }

    /** {@code DELETE /actuator/aside/{cache}?key=}, {@code ?tag=} or {@code ?all=true}. */
    @DeleteOperation
    public WebEndpointResponse<OperationResponseBody> invalidate(
            @Selector String cache, @Nullable String key, @Nullable String tag, @Nullable Boolean all) {
        return answer(() -> endpoint.invalidate(cache, key, tag, all));
    }

    /** {@code POST /actuator/aside} with the policy's name and what changes. */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> replacePolicy(
            String policy,
            @Nullable String ttl,
            @Nullable String localTtl,
            @Nullable String nullTtl,
            @Nullable String staleIfError,
            @Nullable Long maximumSize) {
        return answer(() -> endpoint.replacePolicy(policy, ttl, localTtl, nullTtl, staleIfError, maximumSize));
    }

    /** {@code GET /actuator/aside/jobs/{id}}. */
    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> job(@Selector String area, @Selector String id) {
        return answer(() -> endpoint.job(area, id));
    }

    /** {@code DELETE /actuator/aside/jobs/{id}}. */
    @DeleteOperation
    public WebEndpointResponse<OperationResponseBody> cancelJob(@Selector String area, @Selector String id) {
        return answer(() -> endpoint.cancelJob(area, id));
    }

    /** {@code POST /actuator/aside/jobs/{id}}: runs a failed one again. */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> rerunJob(@Selector String area, @Selector String id) {
        return answer(() -> endpoint.rerunJob(area, id));
    }

    /** {@code DELETE /actuator/aside/jobs/state/{state}?olderThan=&type=}, or {@code &all=true}. */
    @DeleteOperation
    public WebEndpointResponse<OperationResponseBody> purgeJobs(
            @Selector String area,
            @Selector String by,
            @Selector String state,
            String olderThan,
            @Nullable String type,
            @Nullable Boolean all) {
        return answer(() -> endpoint.purgeJobs(area, by, state, olderThan, type, all));
    }

    private static WebEndpointResponse<OperationResponseBody> answer(Supplier<OperationResponseBody> operation) {
        try {
            OperationResponseBody body = operation.get();
            boolean pending = (body instanceof Invalidation done
                            && done.outcome().equals("pending"))
                    || (body instanceof JobOrder order && order.outcome().equals("requested"));
            return new WebEndpointResponse<>(body, pending ? ACCEPTED : WebEndpointResponse.STATUS_OK);
        } catch (UnknownNameException e) {
            return refusal(e, WebEndpointResponse.STATUS_NOT_FOUND);
        } catch (IllegalArgumentException e) {
            return refusal(e, WebEndpointResponse.STATUS_BAD_REQUEST);
        }
    }

    private static WebEndpointResponse<OperationResponseBody> refusal(IllegalArgumentException e, int status) {
        return new WebEndpointResponse<>(new Refusal(String.valueOf(e.getMessage())), status);
    }

    private record Refusal(String error) implements OperationResponseBody {}
}
