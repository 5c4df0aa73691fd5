package dev.aside.spring.offload;

import dev.aside.offload.JobContext;
import dev.aside.offload.JobFailedException;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.interceptor.ExposeInvocationInterceptor;

/** Hands calls of offloaded methods to the executor, with the rest of the call as the work. Thread-safe. */
final class OffloadedCallInterceptor implements MethodInterceptor {
    private final BiFunction<Method, Class<?>, @Nullable OffloadedMethod> methods;
    private final Supplier<OffloadExecutor> offload;

    OffloadedCallInterceptor(
            BiFunction<Method, Class<?>, @Nullable OffloadedMethod> methods, Supplier<OffloadExecutor> offload) {
        this.methods = methods;
        this.offload = offload;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        Class<?> type = target == null ? invocation.getMethod().getDeclaringClass() : target.getClass();
        OffloadedMethod method = methods.apply(invocation.getMethod(), type);
        if (method == null) {
            return invocation.proceed();
        }
        return Outcome.class.equals(invocation.getMethod().getReturnType())
                ? outcome(method, invocation)
                : stage(method, invocation);
    }

    @SuppressWarnings("NullAway") // the result may be null, as T of Outcome says
    private Outcome<?> outcome(OffloadedMethod method, MethodInvocation invocation) throws Exception {
        return offload.get()
                .<@Nullable Object, Exception>call(
                        method.type(), method.callOptions(), context -> result(proceed(invocation, context)));
    }

    private static @Nullable Object result(@Nullable Object outcome) {
        if (outcome == null) {
            return null;
        }
        if (outcome instanceof Outcome.Done<?> done) {
            return done.value();
        }
        throw new IllegalStateException(
                "an offloaded method returned a job of its own. Hint: return new Outcome.Done<>(result).");
    }

    /** Completes with the result, whether that takes a job or not. */
    private CompletableFuture<Object> stage(OffloadedMethod method, MethodInvocation invocation) {
        CompletableFuture<Object> result = new CompletableFuture<>();
        offload.get()
                .<Object>callAsync(method.type(), method.callOptions(), context -> {
                    @SuppressWarnings("unchecked") // the pointcut has looked at the return type
                    CompletionStage<Object> stage = (CompletionStage<Object>) proceed(invocation, context);
                    return Objects.requireNonNull(stage, "the stage that an offloaded method returned");
                })
                .thenCompose(outcome -> outcome.<CompletionStage<Object>>fold(
                        CompletableFuture::completedStage, job -> job.completion()))
                .whenComplete((value, thrown) -> {
                    if (thrown == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(own(thrown));
                    }
                });
        return result;
    }

    /** What the method itself threw, before or after it became a job. */
    private static Throwable own(Throwable thrown) {
        Throwable cause = thrown.getCause();
        boolean wrapped = thrown instanceof CompletionException || thrown instanceof JobFailedException;
        return wrapped && cause != null ? own(cause) : thrown;
    }

    /** On a copy: the call goes on when this one has returned, maybe more than once. */
    private static @Nullable Object proceed(MethodInvocation invocation, JobContext context) throws Exception {
        Object[] arguments = invocation.getArguments().clone();
        Class<?>[] types = invocation.getMethod().getParameterTypes();
        for (int i = 0; i < types.length; i++) {
            if (types[i] == JobContext.class) {
                arguments[i] = context;
            }
        }
        try {
            return ExposeInvocationInterceptor.INSTANCE.invoke(
                    ((ProxyMethodInvocation) invocation).invocableClone(arguments));
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("an offloaded method threw neither an exception nor an error", e);
        }
    }
}
