package dev.aside.spring.offload.web;

import dev.aside.offload.http.HttpContract;
import dev.aside.offload.http.StartRules;
import dev.aside.spring.offload.OffloadedMethod;
import java.util.concurrent.CompletionStage;

/**
 * An offloaded handler method.
 *
 * @param method as it was read
 * @param rules how it starts work
 * @param contract what it answers
 */
record Endpoint(OffloadedMethod method, StartRules rules, HttpContract contract) {
    String type() {
        return method.type();
    }

    /** Whether it returns a stage, for which no thread has to wait. */
    boolean isAsync() {
        return CompletionStage.class.isAssignableFrom(method.method().getReturnType());
    }
}
