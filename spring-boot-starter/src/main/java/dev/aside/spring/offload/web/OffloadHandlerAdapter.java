package dev.aside.spring.offload.web;

import dev.aside.offload.http.KeyRule;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerAdapter;
import org.springframework.web.servlet.ModelAndView;

/** Serves offloaded handlers, before the application's own adapter would. Thread-safe. */
public final class OffloadHandlerAdapter implements HandlerAdapter, Ordered {
    private final OffloadEndpoints endpoints;

    /** An adapter for these endpoints. */
    public OffloadHandlerAdapter(OffloadEndpoints endpoints) {
        this.endpoints = Objects.requireNonNull(endpoints, "endpoints");
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public boolean supports(Object handler) {
        return handler instanceof HandlerMethod method && endpoints.find(method) != null;
    }

    @Override
    public @Nullable ModelAndView handle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws Exception {
        WebAsyncManager async = WebAsyncUtils.getAsyncManager(request);
        if (async.hasConcurrentResult()) {
            Object result = async.getConcurrentResult();
            async.clearConcurrentResult();
            answer(result, request, response);
            return null;
        }
        Endpoint endpoint = Objects.requireNonNull(endpoints.find((HandlerMethod) handler));
        boolean digested = endpoint.rules().key() != KeyRule.IGNORED && Fingerprint.isKeyed(request);
        return endpoints.arguments().handle(digested ? new DigestedRequest(request) : request, response, handler);
    }

    private static void answer(@Nullable Object result, HttpServletRequest request, HttpServletResponse response)
            throws Exception {
        if (result instanceof Served served) {
            served.writeTo(request, response);
        } else if (result instanceof Error error) {
            throw error;
        } else {
            throw result instanceof Exception exception
                    ? exception
                    : new IllegalStateException("an offloaded request came back without an answer");
        }
    }
}
