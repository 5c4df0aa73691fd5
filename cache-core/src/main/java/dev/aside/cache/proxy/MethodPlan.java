package dev.aside.cache.proxy;

import dev.aside.cache.annotation.Fenced;
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

    /** The same for another method of the same parameters. */
    MethodPlan of(Method other);

    /** A read of one key. */
    record Read(
            Method method,
            String where,
            String cache,
            KeyPlan key,
            ReturnShape shape,
            Settings settings,
            Conditions conditions,
            TagPlan tags)
            implements MethodPlan {
        @Override
        public Read of(Method other) {
            return new Read(other, where, cache, key, shape, settings, conditions, tags);
        }
    }

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
            Conditions conditions,
            TagPlan tags)
            implements MethodPlan {
        @Override
        public BatchRead of(Method other) {
            return new BatchRead(other, where, cache, keysParameter, keyType, shape, settings, conditions, tags);
        }
    }

    /** A write that puts and invalidates. */
    record Write(Method method, String where, boolean async, List<Put> puts, List<Invalidation> invalidations)
            implements MethodPlan {
        @Override
        public Write of(Method other) {
            return new Write(other, where, async, puts, invalidations);
        }
    }

    /**
     * One put of a write.
     *
     * @param cache the cache's name
     * @param key gives the key
     * @param valueType the type of the value, without the Optional or stage around it
     * @param value where the value is
     * @param tags the value's tags
     * @param settings what it says of the cache's life
     * @param where the annotation and the method, as errors name them
     */
    record Put(
            String cache,
            KeyPlan key,
            Type valueType,
            ValuePath value,
            TagPlan tags,
            Settings settings,
            String where) {}

    /**
     * One invalidation of a write.
     *
     * @param cache the cache's name
     * @param all whether every entry is invalidated
     * @param key gives the key or the collection of keys; null if no keys are invalidated
     * @param many whether the key is a collection of keys
     * @param keyTypes the types of the parts of one key
     * @param tags whose values are invalidated
     * @param fenced whether the write is announced
     * @param onPending what the caller sees of a pending invalidation
     * @param where the annotation and the method, as errors name them
     */
    record Invalidation(
            String cache,
            boolean all,
            @Nullable KeyPlan key,
            boolean many,
            List<Type> keyTypes,
            TagPlan tags,
            Fenced fenced,
            OnPending onPending,
            String where) {

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
