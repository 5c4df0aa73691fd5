package dev.aside.spring.offload.web;

import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

/**
 * The second half of a call, on a worker: the method itself with arguments that are there, or a value that it has
 * promised before; then the answer, written as any handler's is.
 */
final class WorkerCall extends ServletInvocableHandlerMethod {
    private final @Nullable Object[] arguments;
    private final @Nullable Promised promised;

    /** What a stage gave. */
    private record Promised(@Nullable Object value) {}

    private WorkerCall(HandlerPlan plan, @Nullable Object[] arguments, @Nullable Promised promised) {
        super(plan.handler());
        this.arguments = arguments;
        this.promised = promised;
        setHandlerMethodReturnValueHandlers(Objects.requireNonNull(plan.answers()));
        setMethodValidator(plan.validator());
    }

    /** Calls the method. */
    static WorkerCall of(HandlerPlan plan, @Nullable Object[] arguments) {
        return new WorkerCall(plan, arguments, null);
    }

    /** Answers with the value of the stage that the method has returned. */
    static WorkerCall ofPromised(HandlerPlan plan, @Nullable Object value) {
        return new WorkerCall(plan, new Object[0], new Promised(value));
    }

    @Override
    protected @Nullable Object[] getMethodArgumentValues(
            NativeWebRequest request, @Nullable ModelAndViewContainer container, Object... provided) {
        return arguments;
    }

    @Override
    protected @Nullable Object doInvoke(@Nullable Object... given) throws Exception {
        return promised == null ? super.doInvoke(given) : promised.value();
    }

    /** They were, by the first half. */
    @Override
    public boolean shouldValidateArguments() {
        return false;
    }

    /** Of a stage only what it promises counts, and nothing was said about that. */
    @Override
    public boolean shouldValidateReturnValue() {
        return promised == null && super.shouldValidateReturnValue();
    }

    @Override
    public MethodParameter getReturnValueType(@Nullable Object value) {
        return promised == null ? super.getReturnValueType(value) : new PromisedType(value);
    }

    /** What the stage is a stage of, with the annotations of the method. */
    private final class PromisedType extends AnnotatedMethodParameter {
        private final @Nullable Object value;
        private final ResolvableType type;

        PromisedType(@Nullable Object value) {
            super(-1);
            this.value = value;
            this.type = ResolvableType.forType(getGenericOfMethod())
                    .as(CompletionStage.class)
                    .getGeneric();
        }

        private PromisedType(PromisedType other) {
            super(other);
            this.value = other.value;
            this.type = other.type;
        }

        private Type getGenericOfMethod() {
            return getMethod().getGenericReturnType();
        }

        @Override
        public Class<?> getParameterType() {
            return value == null ? type.resolve(Object.class) : value.getClass();
        }

        @Override
        public Type getGenericParameterType() {
            return type.getType();
        }

        @Override
        public <A extends Annotation> boolean hasMethodAnnotation(Class<A> annotation) {
            return WorkerCall.this.hasMethodAnnotation(annotation);
        }

        @Override
        public AnnotatedMethodParameter clone() {
            return new PromisedType(this);
        }
    }
}
