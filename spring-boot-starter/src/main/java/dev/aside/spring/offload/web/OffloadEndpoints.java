package dev.aside.spring.offload.web;

import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.http.CompletionProfile;
import dev.aside.offload.http.StartRules;
import dev.aside.spring.offload.OffloadedMethod;
import dev.aside.spring.offload.OffloadedMethods;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * The offloaded handlers of an application. Looked for when all beans are there, before the first request; without any,
 * nothing is set up. Thread-safe after that.
 */
public final class OffloadEndpoints implements EndpointLookup, SmartInitializingSingleton, DisposableBean {
    private final ApplicationContext context;
    private final WebOptions options;
    private final Callers callers;
    private Map<Method, Endpoint> byMethod = Map.of();
    private @Nullable ArgumentAdapter arguments;
    private @Nullable EventThreads events;

    /** The endpoints of this application; whatever they need is asked of it when the first one is found. */
    public OffloadEndpoints(ApplicationContext context, WebOptions options, Callers callers) {
        this.context = Objects.requireNonNull(context, "context");
        this.options = Objects.requireNonNull(options, "options");
        this.callers = Objects.requireNonNull(callers, "callers");
    }

    @Override
    public @Nullable Endpoint find(HandlerMethod handler) {
        return byMethod.get(handler.getMethod());
    }

    ArgumentAdapter arguments() {
        return Objects.requireNonNull(arguments);
    }

    /** How many there are. */
    public int size() {
        return byMethod.size();
    }

    @Override
    public void afterSingletonsInstantiated() {
        RequestMappingHandlerMapping mapping =
                context.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
        RequestMappingHandlerAdapter adapter =
                context.getBean("requestMappingHandlerAdapter", RequestMappingHandlerAdapter.class);
        Map<HandlerMethod, OffloadedMethod> found =
                found(mapping, new EndpointChecks(adapter.getReactiveAdapterRegistry()));
        if (found.isEmpty()) {
            return;
        }
        Contracts contracts = contracts(found);
        Map<Method, Endpoint> endpoints = new HashMap<>();
        found.forEach((handler, method) ->
                endpoints.put(handler.getMethod(), new Endpoint(method, rules(method), contracts.of(method.type()))));
        byMethod = Map.copyOf(endpoints);
        OffloadExecutor offload = context.getBean(OffloadExecutor.class);
        Uploads uploads = new Uploads(options.maxUpload());
        Starts starts = new Starts(offload, callers, uploads, this, new ExceptionRenderer(context));
        arguments = ArgumentAdapter.like(adapter, context, starts);
        events = new EventThreads();
        JobAddresses addresses =
                new JobAddresses(new JobFinder(offload, callers), contracts, new ResultWriter(adapter), events);
        new JobMappings(mapping, options.path()).register(addresses);
    }

    private Map<HandlerMethod, OffloadedMethod> found(RequestMappingHandlerMapping mapping, EndpointChecks checks) {
        OffloadedMethods methods = context.getBean(OffloadedMethods.class);
        Map<HandlerMethod, OffloadedMethod> found = new LinkedHashMap<>();
        for (HandlerMethod handler : mapping.getHandlerMethods().values()) {
            OffloadedMethod method = methods.read(handler.getBeanType(), handler.getMethod());
            if (method == null) {
                EndpointChecks.checkPlain(handler);
            } else {
                checks.check(method, handler);
                found.put(handler, method);
            }
        }
        return found;
    }

    private Contracts contracts(Map<HandlerMethod, OffloadedMethod> found) {
        Map<String, CompletionProfile> profiles = new HashMap<>();
        for (OffloadedMethod method : found.values()) {
            CompletionProfile profile = method.profile();
            CompletionProfile other = profile == null ? null : profiles.putIfAbsent(method.type(), profile);
            if (other != null && other != profile) {
                throw method.refused(
                        "job type '" + method.type() + "' has profile " + other + " elsewhere",
                        "say the same for all methods of a type, or give them types of their own");
            }
        }
        return new Contracts(options.contract().get(), options.profile(), profiles);
    }

    private StartRules rules(OffloadedMethod method) {
        try {
            return options.rules().apply(method);
        } catch (IllegalArgumentException e) {
            throw method.refusedFor(e);
        }
    }

    @Override
    public void destroy() {
        if (events != null) {
            events.close();
        }
    }
}
