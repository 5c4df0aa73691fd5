package dev.aside.spring.offload.web;

import dev.aside.offload.JobContext;
import dev.aside.offload.Outcome;
import dev.aside.spring.offload.OffloadRefusedException;
import dev.aside.spring.offload.OffloadedMethod;
import java.io.Closeable;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.InputStreamSource;
import org.springframework.http.HttpEntity;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.multipart.MultipartFile;

/**
 * What an offloaded handler may not take or give: what lives no longer than its request, and what is written while the
 * client waits.
 */
final class EndpointChecks {
    private static final String VALUES = "take what you need of it as a parameter: @RequestHeader, @RequestParam,"
            + " @CookieValue, Principal, Locale, UriComponentsBuilder";

    /** Parameters that are alive, by class name, and what to take instead. */
    private static final Map<String, String> LIVE = Map.ofEntries(
            Map.entry("jakarta.servlet.ServletRequest", VALUES),
            Map.entry(
                    "jakarta.servlet.ServletResponse", "return a ResponseEntity with the status and headers you want"),
            Map.entry(
                    "jakarta.servlet.http.HttpSession",
                    "read the session in an interceptor, or take @SessionAttribute"),
            Map.entry("jakarta.servlet.http.PushBuilder", "leave it out"),
            Map.entry("jakarta.servlet.http.Part", "take a MultipartFile, which is copied"),
            Map.entry("org.springframework.web.context.request.WebRequest", VALUES),
            Map.entry("org.springframework.ui.Model", "return the answer as a value"),
            Map.entry("org.springframework.ui.ModelMap", "return the answer as a value"),
            Map.entry("org.springframework.validation.Errors", "leave it out: what is not valid is answered by 400"),
            Map.entry("org.springframework.web.bind.support.SessionStatus", "leave it out"));

    private static final List<Class<?>> STREAMS =
            List.of(InputStream.class, Reader.class, OutputStream.class, Writer.class);

    private static final List<String> LATER = List.of(
            "java.util.concurrent.Callable",
            "org.springframework.web.context.request.async.DeferredResult",
            "org.springframework.web.context.request.async.WebAsyncTask");

    private static final List<String> STREAMED = List.of(
            "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
            "org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");

    private static final List<String> VIEWS =
            List.of("org.springframework.web.servlet.ModelAndView", "org.springframework.web.servlet.View");

    private final ReactiveAdapterRegistry reactive;

    EndpointChecks(ReactiveAdapterRegistry reactive) {
        this.reactive = reactive;
    }

    /**
     * @throws OffloadRefusedException if the handler cannot be offloaded
     */
    void check(OffloadedMethod method, HandlerMethod handler) {
        for (MethodParameter parameter : handler.getMethodParameters()) {
            check(method, parameter);
        }
        checkReturn(method, handler);
        ResponseStatus status = handler.getMethodAnnotation(ResponseStatus.class);
        if (status != null && !status.reason().isEmpty()) {
            throw method.refused(
                    "@ResponseStatus has a reason, which makes the error page of the answer", "leave out the reason");
        }
    }

    /**
     * @throws OffloadRefusedException if a handler that is not offloaded wants a job's context
     */
    static void checkPlain(HandlerMethod handler) {
        if (Arrays.asList(handler.getMethod().getParameterTypes()).contains(JobContext.class)) {
            throw new OffloadRefusedException(
                    handler.getMethod(),
                    "the handler takes a JobContext and is not offloaded",
                    "annotate it with @Offload");
        }
    }

    private static void check(OffloadedMethod method, MethodParameter parameter) {
        Class<?> type = parameter.nestedIfOptional().getNestedParameterType();
        for (Map.Entry<String, String> live : LIVE.entrySet()) {
            if (isA(type, live.getKey())) {
                throw refused(method, parameter, live.getValue());
            }
        }
        boolean upload = MultipartFile.class.isAssignableFrom(type);
        boolean source = InputStreamSource.class.isAssignableFrom(type) && !upload;
        if (source || STREAMS.stream().anyMatch(stream -> stream.isAssignableFrom(type)) || type == Closeable.class) {
            throw refused(method, parameter, "take @RequestBody byte[] or String, or a MultipartFile, which is copied");
        }
        boolean model = type == Map.class && parameter.getParameterAnnotations().length == 0;
        if (model) {
            throw refused(method, parameter, "return the answer as a value");
        }
    }

    private static OffloadRefusedException refused(OffloadedMethod method, MethodParameter parameter, String how) {
        return method.refused(
                "the offloaded handler takes "
                        + parameter.getParameterType().getSimpleName() + " (parameter "
                        + (parameter.getParameterIndex() + 1) + "), which does not live longer than its request",
                how);
    }

    private void checkReturn(OffloadedMethod method, HandlerMethod handler) {
        ResolvableType returned = ResolvableType.forMethodReturnType(handler.getMethod(), handler.getBeanType());
        Class<?> type = returned.resolve(Object.class);
        if (Outcome.class.isAssignableFrom(type)) {
            throw method.refused(
                    "the offloaded handler returns an Outcome",
                    "return the value itself; the client gets a job if it must");
        }
        if (CompletionStage.class.isAssignableFrom(type)) {
            returned = returned.as(CompletionStage.class).getGeneric();
        } else if (reactive.getAdapter(type) != null || isSuspending(handler.getMethod())) {
            throw method.refused(
                    "the offloaded handler returns " + type.getSimpleName() + ", which is reactive",
                    "return the value itself, or a CompletionStage of it");
        } else if (isAny(type, LATER)) {
            throw method.refused(
                    "the offloaded handler returns " + type.getSimpleName(),
                    "return the value itself, or a CompletionStage of it: @Offload does the waiting");
        }
        checkValue(method, handler, returned);
    }

    private void checkValue(OffloadedMethod method, HandlerMethod handler, ResolvableType returned) {
        Class<?> type = returned.resolve(Object.class);
        boolean entity = HttpEntity.class.isAssignableFrom(type);
        Class<?> body = entity ? returned.as(HttpEntity.class).getGeneric().resolve(Object.class) : type;
        if (isAny(body, STREAMED) || STREAMS.stream().anyMatch(stream -> stream.isAssignableFrom(body))) {
            throw method.refused(
                    "the offloaded handler streams its answer (" + body.getSimpleName() + ")",
                    "return the value, or the bytes: the answer of a job is kept before it is sent");
        }
        if (reactive.getAdapter(body) != null) {
            throw method.refused(
                    "the offloaded handler answers with " + body.getSimpleName() + ", which is reactive",
                    "return the value itself, or a CompletionStage of it");
        }
        boolean written = entity
                || ProblemDetail.class.isAssignableFrom(type)
                || ErrorResponse.class.isAssignableFrom(type)
                || handler.hasMethodAnnotation(ResponseBody.class)
                || AnnotatedElementUtils.hasAnnotation(handler.getBeanType(), ResponseBody.class);
        if (isAny(type, VIEWS) || !written) {
            throw method.refused(
                    "the offloaded handler answers with a view", "make it a @RestController, or add @ResponseBody");
        }
    }

    private static boolean isSuspending(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        return parameters.length > 0
                && parameters[parameters.length - 1].getName().equals("kotlin.coroutines.Continuation");
    }

    private static boolean isAny(Class<?> type, List<String> names) {
        return names.stream().anyMatch(name -> isA(type, name));
    }

    /** By name, so that none of them has to be there. */
    private static boolean isA(Class<?> type, String name) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            if (c.getName().equals(name) || Arrays.stream(c.getInterfaces()).anyMatch(i -> isA(i, name))) {
                return true;
            }
        }
        return false;
    }
}
