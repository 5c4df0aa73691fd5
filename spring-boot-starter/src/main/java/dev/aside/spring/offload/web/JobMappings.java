package dev.aside.spring.offload.web;

import dev.aside.spring.offload.OffloadRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Set;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Puts the addresses of jobs among those of the application's controllers, so that its interceptors guard them too. */
final class JobMappings {
    private final RequestMappingHandlerMapping mapping;
    private final String path;

    JobMappings(RequestMappingHandlerMapping mapping, String path) {
        this.mapping = mapping;
        this.path = path;
    }

    void register(JobAddresses addresses) {
        register(addresses, RequestMethod.GET, "/{id}", "job");
        register(addresses, RequestMethod.DELETE, "/{id}", "cancel");
        register(addresses, RequestMethod.GET, "/{id}/result", "result");
        register(addresses, RequestMethod.GET, "/{id}/events", "events");
    }

    private void register(JobAddresses addresses, RequestMethod verb, String below, String name) {
        String pattern = path + below;
        mapping.getHandlerMethods().forEach((info, handler) -> refuseTwice(info, handler, verb, pattern));
        mapping.registerMapping(
                RequestMappingInfo.paths(pattern)
                        .methods(verb)
                        .options(mapping.getBuilderConfiguration())
                        .build(),
                addresses,
                Objects.requireNonNull(
                        ReflectionUtils.findMethod(JobAddresses.class, name, HttpServletRequest.class, String.class)));
    }

    private static void refuseTwice(
            RequestMappingInfo info, HandlerMethod handler, RequestMethod verb, String pattern) {
        Set<RequestMethod> verbs = info.getMethodsCondition().getMethods();
        boolean same = info.getPatternValues().stream()
                .anyMatch(known -> nameless(known).equals(nameless(pattern)));
        if (same && (verbs.isEmpty() || verbs.contains(verb))) {
            throw new OffloadRefusedException(
                    handler.getMethod(),
                    verb + " " + pattern + " is the address of jobs, and of this handler",
                    "set aside.offload.http.path to another path, such as /api/jobs");
        }
    }

    private static String nameless(String pattern) {
        return pattern.replaceAll("\\{[^/}]*}", "{}");
    }
}
