package dev.aside.spring.offload.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Sends what the addresses of jobs answer, past converters and advice that are made for the application's own values. */
public final class ServedHandler implements HandlerMethodReturnValueHandler {
    /** The only one that is needed. */
    public ServedHandler() {}

    @Override
    public boolean supportsReturnType(MethodParameter returnType) {
        return Served.class.isAssignableFrom(returnType.getParameterType());
    }

    @Override
    public void handleReturnValue(
            @Nullable Object value,
            MethodParameter returnType,
            ModelAndViewContainer container,
            NativeWebRequest request)
            throws Exception {
        container.setRequestHandled(true);
        HttpServletResponse response = request.getNativeResponse(HttpServletResponse.class);
        HttpServletRequest asked = request.getNativeRequest(HttpServletRequest.class);
        if (value instanceof Served served) {
            served.writeTo(Objects.requireNonNull(asked), Objects.requireNonNull(response));
        }
    }
}
