package dev.aside.spring.offload.web;

import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.ModelAndView;

/** Has the application's own handlers of exceptions write their answer into a response that is kept. Thread-safe. */
final class ExceptionRenderer {
    private final List<HandlerExceptionResolver> resolvers;

    ExceptionRenderer(ApplicationContext context) {
        List<HandlerExceptionResolver> found = new ArrayList<>(
                BeanFactoryUtils.beansOfTypeIncludingAncestors(context, HandlerExceptionResolver.class, true, false)
                        .values());
        AnnotationAwareOrderComparator.sort(found);
        this.resolvers = List.copyOf(found);
    }

    /** The answer; null if nobody knows the exception, or only a page could show it. */
    @Nullable RecordedResponse render(RequestSnapshot request, HandlerMethod handler, Throwable thrown) {
        Exception exception =
                thrown instanceof Exception e ? e : new ServletException("Handler dispatch failed: " + thrown, thrown);
        request.removeAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE);
        RecordedResponse response = new RecordedResponse();
        for (HandlerExceptionResolver resolver : resolvers) {
            ModelAndView view;
            try {
                view = resolver.resolveException(request, response, handler, exception);
            } catch (Exception passed) { // as Spring Security has it: the filters around the servlet answer
                return null;
            }
            if (view != null) {
                return view.isEmpty() ? response : null;
            }
        }
        return null;
    }
}
