package dev.aside.cache.proxy;

import dev.aside.cache.annotation.OnPending;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the annotations of one method mean. Immutable. */
public sealed interface MethodPlan {

    /** The method. */
    Method method();

    /** The annotation and the method, as errors name them. */
    String where();

    /** A read of one key. */
    record Read(
            Method method,
            String where,
            String cache,
            KeyPlan key,
            ReturnShape shape,
            Settings settings,
            Conditions conditions)
            implements MethodPlan {}

    /**
     * A read of many keys.
     *
     * @param keysParameter the position of the collection of keys
     * @param keyType the type of its elements
     * @param shape what is returned
     */
    record BatchRead(
            Method method,
            String where,
            String cache,
            int keysParameter,
            Type keyType,
            BatchShape shape,
            Settings settings,
            Conditions conditions)
            implements MethodPlan {}

    /** A write that invalidates. */
    record Write(Method method, String where, boolean async, List<Invalidation> invalidations) implements MethodPlan {}

    /**
     * One invalidation of a write.
     *
     * @param cache the cache's name
     * @param key gives the key or the collection of keys; null for all entries
     * @param many whether the key is a collection of keys
     * @param keyTypes the types of the parts of one key
     * @param onPending what the caller sees of a pending invalidation
     * @param where the annotation and the method, as errors name them
     */
    record Invalidation(
            String cache, @Nullable KeyPlan key, boolean many, List<Type> keyTypes, OnPending onPending, String where) {

        /** The keys of a call; empty if its key is null. */
        public List<Object> keys(@Nullable Object[] arguments) {
            Object value = key == null ? null : key.key(arguments);
            if (value == null) {
                return List.of();
            }
            if (!many) {
                return List.of(value);
            }
            return ((Collection<?>) value)
                    .stream().filter(one -> one != null).<Object>map(one -> one).toList();
        }
    }
}
