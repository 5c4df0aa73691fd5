package dev.aside.cache.proxy;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a batch method takes and returns: a collection of keys, and a map or a collection of values. Immutable.
 */
public final class BatchShape {
    private final boolean async;
    private final Limits limits;
    private final Class<?> resultType;
    private final Type valueType;
    private final @Nullable KeyPath keyOf;
    private final Where where;

    /** What the method's parameter takes. */
    private record Limits(Class<?> keysType, int maxBatch) {}

    private BatchShape(
            boolean async, Limits limits, Class<?> resultType, Type valueType, @Nullable KeyPath keyOf, Where where) {
        this.async = async;
        this.limits = limits;
        this.resultType = resultType;
        this.valueType = valueType;
        this.keyOf = keyOf;
        this.where = where;
    }

    static BatchShape of(String keyOf, int maxBatch, Type keysType, Types types, Where where) {
        if (maxBatch < 0) {
            throw where.wrong("maxBatch " + maxBatch + " is negative", "maxBatch = 100, or 0 for any number");
        }
        Limits limits = new Limits(Types.raw(keysType), maxBatch == 0 ? Integer.MAX_VALUE : maxBatch);
        Type type = types.resolve(where.method().getGenericReturnType());
        boolean async = Types.raw(type) == CompletableFuture.class || Types.raw(type) == CompletionStage.class;
        Type result = async ? Types.argument(type, 0) : type;
        Class<?> raw = Types.raw(result);
        if (raw == Map.class) {
            if (!keyOf.isEmpty()) {
                throw where.wrong("keyOf '" + keyOf + "' has no use with a map", "drop it: the map has the keys");
            }
            Type keyType = types.resolve(Types.argument(keysType, 0));
            if (!Types.argument(result, 0).equals(keyType)) {
                throw where.wrong(
                        "the map has keys of type " + Types.argument(result, 0).getTypeName() + ", the parameter of "
                                + keyType.getTypeName(),
                        "return Map<" + keyType.getTypeName() + ", V>");
            }
            return new BatchShape(async, limits, raw, known(Types.argument(result, 1), where), null, where);
        }
        if (!List.of(Collection.class, List.class, Set.class).contains(raw)) {
            throw where.wrong(
                    "a batch cannot return " + type.getTypeName(),
                    "return a Map, or a Collection, List or Set with keyOf");
        }
        Type element = known(Types.argument(result, 0), where);
        if (keyOf.isEmpty()) {
            throw where.wrong(
                    "keyOf is missing: nothing says which " + element.getTypeName() + " belongs to which key",
                    "keyOf = \"id\", or return a Map");
        }
        KeyPath path = KeyPath.resolve(
                "key path '" + keyOf + "'", Arrays.asList(keyOf.split("\\.", -1)), element, types, where);
        return new BatchShape(async, limits, raw, element, path, where);
    }

    private static Type known(Type type, Where where) {
        if (!Types.known(type) || type == Object.class) {
            throw where.wrong(
                    "the value type " + type.getTypeName() + " is not known here",
                    "declare the method with its actual types");
        }
        return type;
    }

    /** Whether the result arrives in a stage. */
    public boolean async() {
        return async;
    }

    /** The type of one value. */
    public Type valueType() {
        return valueType;
    }

    /** The keys as the method's parameter wants them, for one call after the other. */
    public List<Collection<Object>> calls(List<?> missing) {
        List<Collection<Object>> calls = new ArrayList<>();
        for (int from = 0; from < missing.size(); from += limits.maxBatch) {
            calls.add(keys(missing.subList(from, (int) Math.min(missing.size(), (long) from + limits.maxBatch))));
            if (limits.maxBatch > missing.size() - from) {
                break;
            }
        }
        return calls;
    }

    private Collection<Object> keys(Collection<?> missing) {
        return limits.keysType == Set.class ? new LinkedHashSet<>(missing) : new ArrayList<>(missing);
    }

    /** What the method returned, as a map from key to value. */
    public Map<?, ?> toMap(@Nullable Object result) {
        if (result == null) {
            throw new NullPointerException(where + " returned null instead of an empty collection");
        }
        if (keyOf == null) {
            return (Map<?, ?>) result;
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Object element : (Collection<?>) result) {
            Object key = keyOf.read(element);
            if (key == null) {
                throw new NullPointerException(where + " returned an element whose key is null");
            }
            map.put(key, element);
        }
        return map;
    }

    /** The values that are there, by key, as the method returns them. */
    public Object toResult(Map<?, ?> values) {
        if (resultType == Map.class) {
            return values;
        }
        return resultType == Set.class ? new LinkedHashSet<>(values.values()) : new ArrayList<>(values.values());
    }
}
