package dev.aside.spring.offload.web;

import org.jspecify.annotations.Nullable;
import org.springframework.validation.method.MethodValidator;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodReturnValueHandlerComposite;

/**
 * A handler, and what its answer goes through.
 *
 * @param handler with its bean
 * @param answers what writes return values
 * @param validator what checks them, or null
 */
record HandlerPlan(
        HandlerMethod handler,
        @Nullable HandlerMethodReturnValueHandlerComposite answers,
        @Nullable MethodValidator validator) {}
