package dev.aside.spring.cache;

import org.springframework.cache.Cache;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.util.ClassUtils;

/** What Spring puts before caches so that they wait for transactions, which ours do by themselves. */
final class Decorators {
    private static final boolean PRESENT = ClassUtils.isPresent(
            "org.springframework.cache.transaction.TransactionAwareCacheDecorator", Decorators.class.getClassLoader());

    private Decorators() {}

    /** The cache of ours behind a decorator; anything else is left as it is. */
    static Cache without(Cache cache) {
        return PRESENT ? Known.without(cache) : cache;
    }

    /** Loaded only where spring-context-support is present. */
    private static final class Known {
        static Cache without(Cache cache) {
            return cache instanceof TransactionAwareCacheDecorator decorator
                            && decorator.getTargetCache() instanceof AsideCache aside
                    ? aside
                    : cache;
        }
    }
}
