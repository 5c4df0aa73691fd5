package dev.aside.spring.offload;

import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.annotation.JobHandler;
import dev.aside.offload.annotation.JobHandlers;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * Registers the beans that have methods with {@link JobHandler}, when all beans are there; calls pass their proxies. Says
 * once where jobs are kept if that is this process.
 */
public final class JobHandlerBeans implements SmartInitializingSingleton {
    private static final Logger LOG = System.getLogger(JobHandlerBeans.class.getName());

    private final ConfigurableListableBeanFactory beans;
    private final Supplier<OffloadExecutor> offload;
    private final Supplier<OffloadedMethods> methods;
    private final boolean inMemory;

    /**
     * The handlers among these beans.
     *
     * @param inMemory whether jobs are kept by this process alone
     */
    public JobHandlerBeans(
            ConfigurableListableBeanFactory beans,
            Supplier<OffloadExecutor> offload,
            Supplier<OffloadedMethods> methods,
            boolean inMemory) {
        this.beans = Objects.requireNonNull(beans, "beans");
        this.offload = Objects.requireNonNull(offload, "offload");
        this.methods = Objects.requireNonNull(methods, "methods");
        this.inMemory = inMemory;
    }

    @Override
    public void afterSingletonsInstantiated() {
        int handlers = 0;
        for (String name : beans.getBeanDefinitionNames()) {
            Map<Method, JobHandler> annotated =
                    beans.getMergedBeanDefinition(name).isAbstract() ? Map.of() : handlers(beans.getType(name, false));
            if (!annotated.isEmpty()) {
                register(beans.getBean(name), annotated.keySet().iterator().next(), annotated);
                handlers += annotated.size();
            }
        }
        if (inMemory && (handlers > 0 || !methods.get().all().isEmpty())) {
            LOG.log(
                    Level.WARNING,
                    "jobs are kept in the memory of this process: their ids are known to this node alone, and gone with"
                            + " it. Hint: aside-offload-redis and aside.offload.redis.uri, or a JobStore bean that all nodes"
                            + " share.");
        }
    }

    private static Map<Method, JobHandler> handlers(@Nullable Class<?> type) {
        if (type == null || !AnnotationUtils.isCandidateClass(type, JobHandler.class)) {
            return Map.of();
        }
        try {
            MethodIntrospector.MetadataLookup<@Nullable JobHandler> read =
                    method -> method.getAnnotation(JobHandler.class);
            return MethodIntrospector.selectMethods(ClassUtils.getUserClass(type), read);
        } catch (LinkageError incomplete) { // a class of an optional library
            return Map.of();
        }
    }

    private void register(Object bean, Method first, Map<Method, JobHandler> annotated) {
        for (Method method : annotated.keySet()) {
            int modifiers = method.getModifiers();
            if (AopUtils.isAopProxy(bean) && (Modifier.isPrivate(modifiers) || Modifier.isFinal(modifiers))) {
                throw new OffloadRefusedException(
                        method,
                        "a job handler of a proxied bean is private or final, so calls would miss the bean",
                        "make it an ordinary method");
            }
        }
        try {
            JobHandlers.register(offload.get().jobs(), bean);
        } catch (IllegalArgumentException e) {
            throw OffloadRefusedException.because(first, e, "");
        } catch (IllegalStateException e) {
            OffloadRefusedException refused = new OffloadRefusedException(
                    first,
                    String.valueOf(e.getMessage()).replaceFirst("\\.$", ""),
                    "keep one of them; beans with @JobHandler need no call of JobHandlers.register or Jobs.handle");
            refused.initCause(e);
            throw refused;
        }
    }
}
