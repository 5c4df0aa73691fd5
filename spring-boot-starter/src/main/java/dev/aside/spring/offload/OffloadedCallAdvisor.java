package dev.aside.spring.offload;

import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.offload.annotation.Offload;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.aopalliance.aop.Advice;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ClassFilter;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * Offloads calls of bean methods with {@link Offload} that return an {@link Outcome} or a {@link CompletionStage};
 * endpoints are served elsewhere. Outside of transactions and of whatever has no order, so that these are on the worker.
 * Thread-safe.
 */
public final class OffloadedCallAdvisor extends AbstractPointcutAdvisor implements SmartInitializingSingleton {
    /** Before the advice of transactions and of caches. */
    public static final int DEFAULT_ORDER = Ordered.LOWEST_PRECEDENCE - 200;

    private static final long serialVersionUID = 1L;

    private final transient Function<String, Duration> durations;
    private final transient Supplier<OffloadedMethods> methods;
    private final transient OffloadedCallInterceptor interceptor;
    private final transient Pointcut pointcut;
    private final transient Map<Class<?>, Map<Method, OffloadedMethod>> byType = new ConcurrentHashMap<>();

    /**
     * Advice for all beans.
     *
     * @param durations reads the texts of durations
     * @param methods asked when all beans are there
     * @param offload asked when the first call comes
     */
    public OffloadedCallAdvisor(
            Function<String, Duration> durations,
            Supplier<OffloadedMethods> methods,
            Supplier<OffloadExecutor> offload) {
        this.durations = durations;
        this.methods = methods;
        this.interceptor = new OffloadedCallInterceptor(this::find, offload);
        this.pointcut = new CallPointcut();
        setOrder(DEFAULT_ORDER);
    }

    @Override
    public Pointcut getPointcut() {
        return pointcut;
    }

    @Override
    public Advice getAdvice() {
        return interceptor;
    }

    private @Nullable OffloadedMethod find(Method called, Class<?> target) {
        Class<?> type = ClassUtils.getUserClass(target);
        return byType.computeIfAbsent(type, t -> OffloadedMethods.in(t, durations))
                .get(AopUtils.getMostSpecificMethod(called, type));
    }

    /** Checks the methods of all beans, so that what cannot work fails the start. */
    @Override
    public void afterSingletonsInstantiated() {
        for (OffloadedMethod method : methods.get().all()) {
            if (!method.isEndpoint()) {
                check(method);
            }
        }
    }

    private static void check(OffloadedMethod method) {
        Class<?> returned = method.method().getReturnType();
        if (!Outcome.class.equals(returned)
                && !CompletionStage.class.equals(returned)
                && !CompletableFuture.class.equals(returned)) {
            throw method.refused(
                    "an offloaded method that is no endpoint returns " + returned.getSimpleName()
                            + ", and its caller could not be given a job",
                    "return Outcome<" + boxed(returned) + "> or CompletionStage<" + boxed(returned) + ">");
        }
        int modifiers = method.method().getModifiers();
        if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers)) {
            throw method.refused(
                    "an offloaded method is "
                            + Modifier.toString(modifiers & (Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL))
                            + ", so calls do not pass a proxy",
                    "make it an ordinary method that other beans may call");
        }
    }

    private static String boxed(Class<?> type) {
        return ClassUtils.resolvePrimitiveIfNecessary(type).getSimpleName();
    }

    private final class CallPointcut extends StaticMethodMatcherPointcut {
        CallPointcut() {
            ClassFilter candidates = type -> AnnotationUtils.isCandidateClass(type, Offload.class);
            setClassFilter(candidates);
        }

        @Override
        public boolean matches(Method method, Class<?> target) {
            OffloadedMethod found = find(method, target);
            return found != null && !found.isEndpoint();
        }
    }
}
