package dev.aside.spring.offload.web;

import org.jspecify.annotations.Nullable;
import org.springframework.validation.method.MethodValidator;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodReturnValueHandlerComposite;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

/**
 * The first half of a call: reads and validates the arguments on the thread of the server, as any handler's are, and
 * hands them over instead of calling the method.
 */
final class ArgumentCall extends ServletInvocableHandlerMethod {
    private final HandlerMethod handler;
    private final Starts starts;
    private @Nullable HandlerMethodReturnValueHandlerComposite answers;
    private @Nullable MethodValidator validator;

    ArgumentCall(HandlerMethod handler, Starts starts) {
        super(handler);
        this.handler = handler;
        this.starts = starts;
    }

    @Override
    public void setHandlerMethodReturnValueHandlers(HandlerMethodReturnValueHandlerComposite answers) {
        super.setHandlerMethodReturnValueHandlers(answers);
        this.answers = answers;
    }

    @Override
    public void setMethodValidator(@Nullable MethodValidator validator) {
        super.setMethodValidator(validator);
        this.validator = validator;
    }

    @Override
    public void invokeAndHandle(ServletWebRequest request, ModelAndViewContainer container, Object... provided)
            throws Exception {
        @Nullable Object[] arguments;
        try {
            invokeForRequest(request, container, provided);
            throw new IllegalStateException("an offloaded handler was called on the thread of the server");
        } catch (ArgumentsRead read) {
            arguments = read.arguments;
        }
        container.setRequestHandled(true);
        starts.start(request, container, new HandlerPlan(handler, answers, validator), arguments);
    }

    @Override
    protected Object doInvoke(@Nullable Object... arguments) throws ArgumentsRead {
        throw new ArgumentsRead(arguments);
    }

    /** The way out of the first half; no failure. */
    private static final class ArgumentsRead extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient @Nullable Object[] arguments;

        ArgumentsRead(@Nullable Object[] arguments) {
            super(null, null, false, false);
            this.arguments = arguments;
        }
    }
}
