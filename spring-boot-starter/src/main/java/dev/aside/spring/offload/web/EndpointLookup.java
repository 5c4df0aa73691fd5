package dev.aside.spring.offload.web;

import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;

/** Knows which handlers are offloaded. Thread-safe. */
@FunctionalInterface
interface EndpointLookup {
    /** The endpoint; null if the handler is not offloaded. */
    @Nullable Endpoint find(HandlerMethod handler);
}
