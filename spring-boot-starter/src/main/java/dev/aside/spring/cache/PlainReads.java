package dev.aside.spring.cache;

import dev.aside.spring.cache.PlainHits.PlainRead;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.cache.interceptor.SimpleKeyGenerator;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.StringUtils;

/**
 * Finds the methods of which a call that hits does no more than look one key up: one {@code @Cacheable} with one name and
 * no condition, whose key is all arguments or {@code #one} of them. {@code unless} has no say in a hit. Thread-safe.
 */
final class PlainReads {
    private static final int ALL = -1;
    private static final int NONE = -2;

    private final CacheOperationSource operations;
    private final AsideCacheManager manager;
    private final boolean ownKeys;
    private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

    private PlainReads(CacheOperationSource operations, AsideCacheManager manager, boolean ownKeys) {
        this.operations = operations;
        this.manager = manager;
        this.ownKeys = ownKeys;
    }

    /** What is plain by these settings of Spring's; null if nothing is. */
    static @Nullable PlainReads of(CacheAspectSupport settings) {
        CacheOperationSource operations = settings.getCacheOperationSource();
        if (operations != null
                && settings.getCacheResolver() instanceof SimpleCacheResolver resolver
                && resolver.getClass() == SimpleCacheResolver.class
                && resolver.getCacheManager() instanceof AsideCacheManager manager) {
            boolean ownKeys = settings.getKeyGenerator().getClass() != SimpleKeyGenerator.class;
            return new PlainReads(operations, manager, ownKeys);
        }
        return null;
    }

    /** How a call of the method is answered; null if it takes more. */
    @Nullable PlainRead find(Method method, Class<?> target) {
        Collection<CacheOperation> all = operations.getCacheOperations(method, target);
        if (all == null
                || all.size() != 1
                || !(all.iterator().next() instanceof CacheableOperation read)
                || !plain(read)
                || !plain(method)) {
            return null;
        }
        int argument = argument(read, AopUtils.getMostSpecificMethod(method, target));
        Cache cache = argument == NONE
                ? null
                : manager.getCache(read.getCacheNames().iterator().next());
        return cache instanceof AsideCache aside
                ? new PlainRead(aside, argument, method.getReturnType() == Optional.class)
                : null;
    }

    private static boolean plain(CacheableOperation read) {
        return read.getCacheNames().size() == 1
                && !StringUtils.hasText(read.getCondition())
                && !StringUtils.hasText(read.getCacheManager())
                && !StringUtils.hasText(read.getCacheResolver());
    }

    /** What comes later, and arguments that Spring rearranges, are not plain. */
    private static boolean plain(Method method) {
        Class<?> type = method.getReturnType();
        return !Future.class.isAssignableFrom(type)
                && !CompletionStage.class.isAssignableFrom(type)
                && ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) == null
                && !KotlinDetector.isSuspendingFunction(method)
                && !method.isVarArgs();
    }

    private int argument(CacheableOperation read, Method method) {
        String key = read.getKey();
        if (!StringUtils.hasText(key)) {
            return ownKeys || StringUtils.hasText(read.getKeyGenerator()) ? NONE : ALL;
        }
        return key.startsWith("#") ? argument(key.substring(1), method) : NONE;
    }

    private int argument(String name, Method method) {
        @Nullable String[] parameters = names.getParameterNames(method);
        int found = NONE;
        for (int i = 0; i < method.getParameterCount(); i++) {
            boolean called = parameters != null && name.equals(parameters[i]);
            if (called || name.equals("a" + i) || name.equals("p" + i)) {
                found = found == NONE && !isSprings(name) ? i : NONE - 1;
            }
        }
        return found < NONE ? NONE : found;
    }

    /** Names that mean something else to Spring, whatever the parameters are called. */
    private static boolean isSprings(String name) {
        return name.equals("root") || name.equals("this") || name.equals("result");
    }
}
