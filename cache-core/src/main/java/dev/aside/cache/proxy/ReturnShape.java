package dev.aside.cache.proxy;

import java.lang.reflect.Type;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What a method returns, seen as a value that can be cached and what it is wrapped in. Immutable.
 *
 * @param async whether the value arrives in a {@code CompletionStage}
 * @param optional whether absence is an empty {@code Optional} rather than null
 * @param valueType the generic type of the value itself
 */
public record ReturnShape(boolean async, boolean optional, Type valueType) {

    /** Things that can be read once, or that are not there yet: caching the object would cache nothing of use. */
    private static final Set<String> REFUSED = Set.of(
            "java.util.stream.BaseStream",
            "java.util.Iterator",
            "java.util.Spliterator",
            "java.util.Enumeration",
            "java.io.InputStream",
            "java.io.Reader",
            "java.sql.ResultSet",
            "java.util.concurrent.Flow$Publisher",
            "org.reactivestreams.Publisher",
            "kotlinx.coroutines.flow.Flow");

    static ReturnShape of(Types types, Where where) {
        for (Class<?> parameter : where.method().getParameterTypes()) {
            if (parameter.getName().equals("kotlin.coroutines.Continuation")) {
                throw where.wrong(
                        "a Kotlin suspend function cannot be cached",
                        "return a CompletableFuture, or use Cache.getAsync");
            }
        }
        Type type = types.resolve(where.method().getGenericReturnType());
        boolean async = CompletionStage.class.isAssignableFrom(Types.raw(type));
        if (async) {
            if (!Types.raw(type).isAssignableFrom(CompletableFuture.class)) {
                throw where.wrong(
                        "the return type " + type.getTypeName() + " cannot be made by the cache",
                        "return CompletableFuture or CompletionStage");
            }
            type = Types.argument(type, 0);
        }
        boolean optional = Types.raw(type) == Optional.class;
        if (optional) {
            type = Types.argument(type, 0);
        }
        refuse(type, where);
        return new ReturnShape(async, optional, type);
    }

    /** Refuses what cannot be a cached value. */
    static void refuse(Type type, Where where) {
        Class<?> raw = Types.raw(type);
        if (raw == void.class || raw == Void.class) {
            throw where.wrong(
                    "a method without a result cannot be cached", "return the value, or use @CacheInvalidate");
        }
        String refused = refusedSuperType(raw);
        if (refused != null || Future.class.isAssignableFrom(raw)) {
            throw where.wrong(
                    "the return type " + type.getTypeName()
                            + " cannot be cached: it can be read once or is not there yet",
                    "return the value itself, a collection, or a CompletableFuture of it");
        }
        if (!Types.known(type)) {
            throw where.wrong(
                    "the value type " + type.getTypeName() + " is not known here",
                    "declare the method with its actual type in the interface given to the proxy");
        }
    }

    private static @Nullable String refusedSuperType(@Nullable Class<?> type) {
        if (type == null) {
            return null;
        }
        if (REFUSED.contains(type.getName())) {
            return type.getName();
        }
        for (Class<?> parent : type.getInterfaces()) {
            String found = refusedSuperType(parent);
            if (found != null) {
                return found;
            }
        }
        return refusedSuperType(type.getSuperclass());
    }
}
