package dev.aside.cache.proxy;

import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.CachePut;
import dev.aside.cache.annotation.Fenced;
import dev.aside.cache.annotation.KeyGenerator;
import dev.aside.cache.proxy.Annotations.Found;
import dev.aside.cache.proxy.MethodPlan.Invalidation;
import dev.aside.cache.proxy.MethodPlan.Put;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads the annotations of a method that writes. */
final class WriteParser {
    private final MethodParser parser;
    private final Class<?> type;
    private final Types types;

    WriteParser(MethodParser parser, Class<?> type, Types types) {
        this.parser = parser;
        this.type = type;
        this.types = types;
    }

    MethodPlan parse(
            Method method, Method source, List<Found<CachePut>> puts, List<Found<CacheInvalidate>> invalidates) {
        String first = puts.isEmpty() ? invalidates.get(0).name() : puts.get(0).name();
        Where where = new Where(first, type, source);
        boolean async = CompletionStage.class.isAssignableFrom(method.getReturnType());
        if (async && !method.getReturnType().isAssignableFrom(CompletableFuture.class)) {
            throw where.wrong(
                    "the return type " + method.getReturnType().getTypeName() + " cannot be made by the cache",
                    "return CompletableFuture or CompletionStage");
        }
        List<Put> allPuts = new ArrayList<>();
        for (Found<CachePut> found : puts) {
            allPuts.add(put(found.annotation(), new Where(found.name(), type, source)));
        }
        List<Invalidation> allInvalidations = new ArrayList<>();
        for (Found<CacheInvalidate> found : invalidates) {
            allInvalidations.add(invalidation(found.annotation(), new Where(found.name(), type, source)));
        }
        refuseSameKeyTwice(puts, invalidates, source);
        return new MethodPlan.Write(
                method, where.toString(), async, List.copyOf(allPuts), List.copyOf(allInvalidations));
    }

    /** Two writes of one key overtake each other, and the value of neither is kept. */
    private void refuseSameKeyTwice(
            List<Found<CachePut>> puts, List<Found<CacheInvalidate>> invalidates, Method source) {
        Set<List<String>> keys = new HashSet<>();
        for (Found<CachePut> found : puts) {
            Where where = new Where(found.name(), type, source);
            CachePut put = found.annotation();
            boolean again = !keys.add(List.of(parser.name(put.name(), where), put.key()));
            for (Found<CacheInvalidate> other : invalidates) {
                CacheInvalidate invalidate = other.annotation();
                again |= parser.name(invalidate.name(), where).equals(parser.name(put.name(), where))
                        && (invalidate.allEntries()
                                || (invalidate.key().equals(put.key()) && invalidate.tags().length == 0));
            }
            if (again && put.keyGenerator() == KeyGenerator.None.class) {
                throw where.wrong(
                        "the method puts and writes the same key of cache '" + parser.name(put.name(), where)
                                + "' once more, so that the value would never be kept",
                        "drop one of the two");
            }
        }
    }

    private Put put(CachePut annotation, Where where) {
        String cache = parser.name(annotation.name(), where);
        KeyPlan key = KeyPlan.parse(annotation.key(), annotation.keyGenerator(), types, where);
        if (key.types().size() == 1
                && Collection.class.isAssignableFrom(Types.raw(key.types().get(0)))) {
            throw where.wrong("a put has one key, not a collection of keys", "key = \"product.sku\"");
        }
        Type result = resultType(where);
        Roots.Path path = null;
        if (!annotation.value().isBlank()) {
            path = Roots.parameters(where, types)
                    .withResult(result)
                    .resolve("value path", annotation.value().strip());
        } else if (result == null) {
            throw where.wrong(
                    "a method without a result puts nothing",
                    "value = \"product\", or return the value, or @CacheInvalidate");
        }
        Type valueType = path == null ? result : withoutOptional(path.path().type());
        if (valueType == null || !Types.known(valueType) || valueType == Object.class) {
            throw where.wrong(
                    "the value type " + (valueType == null ? "void" : valueType.getTypeName()) + " is not known here",
                    "declare the method with its actual types");
        }
        ReturnShape.refuse(valueType, where);
        Settings settings =
                new Settings(parser.policy(annotation.policy(), where), null, null, null, List.of(annotation.tags()));
        Roots roots = Roots.parameters(where, types)
                .withKey(MethodParser.single(key.types()))
                .withResult(valueType);
        TagPlan tags = TagPlan.parse(annotation.tags(), roots, where);
        return new Put(cache, key, valueType, new ValuePath(path), tags, settings, where.toString());
    }

    /** What a caller gets, without the stage and the Optional around it; null if that is nothing. */
    private @Nullable Type resultType(Where where) {
        Type type = types.resolve(where.method().getGenericReturnType());
        if (CompletionStage.class.isAssignableFrom(Types.raw(type))) {
            type = Types.argument(type, 0);
        }
        type = withoutOptional(type);
        return type == Void.class || type == void.class ? null : type;
    }

    private static Type withoutOptional(Type type) {
        return Types.raw(type) == Optional.class ? Types.argument(type, 0) : type;
    }

    private Invalidation invalidation(CacheInvalidate annotation, Where where) {
        String cache = parser.name(annotation.name(), where);
        TagPlan tags =
                TagPlan.parse(annotation.tags(), Roots.parameters(where, types).withResult(resultType(where)), where);
        if (annotation.allEntries()) {
            refuseBesideAllEntries(annotation, where);
            return new Invalidation(
                    cache, true, null, false, List.of(), tags, Fenced.NONE, annotation.onPending(), where.toString());
        }
        boolean tagsOnly = !tags.isEmpty()
                && annotation.key().isBlank()
                && annotation.keyGenerator() == KeyGenerator.None.class
                && !KeyPlan.marked(where.method());
        if (tagsOnly) {
            if (annotation.fenced() != Fenced.NONE) {
                throw where.wrong(
                        "fenced " + annotation.fenced() + " has no key to announce",
                        "name the key, or drop fenced: a tag's keys are not known beforehand");
            }
            return new Invalidation(
                    cache, false, null, false, List.of(), tags, Fenced.NONE, annotation.onPending(), where.toString());
        }
        KeyPlan key = KeyPlan.parse(annotation.key(), annotation.keyGenerator(), types, where);
        List<Type> keyTypes = key.types();
        boolean many = keyTypes.size() == 1 && Collection.class.isAssignableFrom(Types.raw(keyTypes.get(0)));
        if (many) {
            keyTypes = List.of(types.resolve(Types.argument(keyTypes.get(0), 0)));
        }
        return new Invalidation(
                cache, false, key, many, keyTypes, tags, annotation.fenced(), annotation.onPending(), where.toString());
    }

    private static void refuseBesideAllEntries(CacheInvalidate annotation, Where where) {
        String other = !annotation.key().isEmpty()
                ? "key '" + annotation.key() + "'"
                : annotation.keyGenerator() != KeyGenerator.None.class
                        ? "keyGenerator " + annotation.keyGenerator().getSimpleName()
                        : annotation.tags().length > 0
                                ? "tags '" + annotation.tags()[0] + "'"
                                : annotation.fenced() != Fenced.NONE ? "fenced " + annotation.fenced() : null;
        if (other != null) {
            throw where.wrong(other + " and allEntries contradict each other", "drop one of them");
        }
    }
}
