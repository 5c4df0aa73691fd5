package dev.aside.spring.offload.web;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Says who sends a request. Jobs and idempotency keys belong to whom this names; another caller's job does not exist for
 * anybody else. A bean of this type replaces the standard one, which takes the name of the request's principal.
 */
@FunctionalInterface
public interface CallerIdentity {
    /**
     * Called on a thread of the server, for every request that starts or asks for a job. It must not block.
     *
     * @return a name that stays the same from request to request and is kept with the job, so no secret; null for an
     *     anonymous caller. All anonymous callers are one: whoever knows the id of their jobs may see them.
     */
    @Nullable String of(HttpServletRequest request);
}
