package dev.aside.spring.cache;

import dev.aside.cache.OpenRead;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.cache.interceptor.SimpleKeyGenerator;
import org.springframework.core.MethodClassKey;

/**
 * Answers calls that are plain hits before Spring makes contexts and expressions of them, which cost several times the hit.
 * It does so where Spring would only look one key up in one of Aside's caches; every other call goes Spring's way.
 * Thread-safe.
 */
final class PlainHits {
    /** The answer of a call that Spring has to see to. */
    static final Object LONG_WAY = new Object();

    private final PlainReads reads;
    private final Map<MethodClassKey, Optional<PlainRead>> byMethod = new ConcurrentHashMap<>();

    /** @param reads what is plain */
    PlainHits(PlainReads reads) {
        this.reads = reads;
    }

    /**
     * A method whose calls do no more than to look a key up.
     *
     * @param argument which argument is the key; negative if all of them are
     * @param optional whether the value is handed out in an Optional
     */
    record PlainRead(AsideCache cache, int argument, boolean optional) {

        @Nullable Object key(@Nullable Object[] arguments) {
            return argument < 0 ? SimpleKeyGenerator.generateKey(arguments) : arguments[argument];
        }

        @Nullable Object answer(@Nullable Object value) {
            return optional && !(value instanceof Optional) ? Optional.ofNullable(value) : value;
        }
    }

    /** The answer if the process holds it, counted as a hit; otherwise {@link #LONG_WAY}, and nothing has happened. */
    @Nullable Object answer(MethodInvocation invocation) {
        Object target = invocation.getThis();
        PlainRead read =
                target == null ? null : find(invocation.getMethod(), AopProxyUtils.ultimateTargetClass(target));
        Object key = read == null ? null : read.key(invocation.getArguments());
        return read == null || key == null ? LONG_WAY : answer(read, key);
    }

    private @Nullable PlainRead find(Method method, Class<?> target) {
        MethodClassKey wanted = new MethodClassKey(method, target);
        Optional<PlainRead> known = byMethod.get(wanted);
        if (known == null) {
            known = Optional.ofNullable(reads.find(method, target));
            byMethod.put(wanted, known);
        }
        return known.orElse(null);
    }

    private static @Nullable Object answer(PlainRead read, Object key) {
        OpenRead<Object> held;
        try {
            held = read.cache().held(key);
        } catch (RuntimeException e) {
            return LONG_WAY; // meets it again, where Spring's error handler hears of it
        }
        return held.hit() ? read.answer(held.value()) : LONG_WAY;
    }
}
