package dev.aside.offload.annotation;

import dev.aside.offload.JobContext;
import dev.aside.offload.JobType;
import dev.aside.offload.Jobs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/** Registers methods annotated by {@link JobHandler}. */
public final class JobHandlers {
    private JobHandlers() {}

    /**
     * Registers every annotated method of the bean's class and its superclasses. All of them are checked before the
     * first one is registered.
     *
     * @return how many
     * @throws IllegalArgumentException if there is none, or one cannot be a handler; the message names it
     * @throws IllegalStateException if a type has a handler already
     */
    public static int register(Jobs jobs, Object bean) {
        List<Runnable> registrations = new ArrayList<>();
        for (Class<?> type = bean.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                JobHandler annotation = method.getAnnotation(JobHandler.class);
                if (annotation != null && !method.isBridge()) {
                    registrations.add(registration(jobs, bean, method, annotation));
                }
            }
        }
        if (registrations.isEmpty()) {
            throw new IllegalArgumentException(bean.getClass().getName()
                    + " has no method with @JobHandler. Hint: annotate the class itself, not its proxy's interface.");
        }
        registrations.forEach(Runnable::run);
        return registrations.size();
    }

    private static Runnable registration(Jobs jobs, Object bean, Method method, JobHandler annotation) {
        Class<?>[] parameters = method.getParameterTypes();
        boolean withContext = parameters.length == 2 && parameters[1] == JobContext.class;
        if (parameters.length == 0 || parameters[0].isPrimitive() || (parameters.length > 1 && !withContext)) {
            throw new IllegalArgumentException("@JobHandler(\"" + annotation.value() + "\") on " + method
                    + " takes something else than a payload. Hint: handle(Payload) or handle(Payload, JobContext).");
        }
        MethodHandle call = handle(bean, method, annotation);
        MethodHandle uniform = (withContext ? call : MethodHandles.dropArguments(call, 1, JobContext.class))
                .asType(MethodType.methodType(Object.class, Object.class, JobContext.class));
        JobType<?, ?> type = JobType.of(
                        annotation.value(),
                        parameters[0],
                        MethodType.methodType(method.getReturnType()).wrap().returnType())
                .version(annotation.version());
        return () -> register(jobs, type, uniform);
    }

    private static MethodHandle handle(Object bean, Method method, JobHandler annotation) {
        try {
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method).bindTo(bean);
        } catch (IllegalAccessException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "@JobHandler(\"" + annotation.value() + "\") on " + method
                            + " cannot be called. Hint: make it public, or open its package to dev.aside.offload.",
                    e);
        }
    }

    private static <P, R> void register(Jobs jobs, JobType<P, R> type, MethodHandle uniform) {
        jobs.handle(type, (payload, context) -> {
            try {
                return type.resultType().cast(uniform.invokeExact((Object) payload, context));
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("a handler threw neither an exception nor an error", e);
            }
        });
    }
}
