package dev.aside.spring.offload.web;

import dev.aside.offload.JobContext;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Holds the place of a handler's {@link JobContext} until the work has one. */
final class LateContext implements HandlerMethodArgumentResolver {
    private static final JobContext PLACE = (JobContext) Proxy.newProxyInstance(
            LateContext.class.getClassLoader(), new Class<?>[] {JobContext.class}, (proxy, method, arguments) -> {
                throw new IllegalStateException("the work has not begun");
            });

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == JobContext.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        return PLACE;
    }

    /** The arguments with the context of a run in its place. */
    static @Nullable Object[] filled(@Nullable Object[] arguments, JobContext context) {
        @Nullable Object[] filled = arguments.clone();
        for (int i = 0; i < filled.length; i++) {
            if (filled[i] == PLACE) {
                filled[i] = context;
            }
        }
        return filled;
    }
}
