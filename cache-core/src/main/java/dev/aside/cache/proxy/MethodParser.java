package dev.aside.cache.proxy;

import dev.aside.cache.annotation.CacheConfig;
import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.CachePut;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import dev.aside.cache.proxy.Annotations.Found;
import dev.aside.cache.spi.CacheConfigurationException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the annotations of an interface, and of the class behind it, into plans. */
public final class MethodParser {
    private static final List<Class<? extends Annotation>> OURS =
            List.of(Cached.class, CachedBatch.class, CachePut.class, CacheInvalidate.class);

    private final Class<?> type;
    private final Class<?> target;
    private final Types types;

    /** @param types the generic types as the one who calls the methods sees them */
    MethodParser(Class<?> type, Class<?> target, Types types) {
        this.type = type;
        this.target = target;
        this.types = types;
    }

    /**
     * The plans of the annotated methods.
     *
     * @param type the interface a proxy is to offer
     * @param target the class of the object behind it
     * @throws CacheConfigurationException if there is none, or one cannot work as it is written
     */
    public static List<MethodPlan> parse(Class<?> type, Class<?> target) {
        if (!type.isInterface()) {
            throw new CacheConfigurationException("'" + type.getName()
                    + "' is not an interface, so no proxy can stand before it"
                    + " [hint: put the annotated methods on an interface and give that]");
        }
        return new MethodParser(type, target, new Types(type)).parse();
    }

    private List<MethodPlan> parse() {
        refuseHidden();
        List<MethodPlan> plans = plans(Arrays.asList(type.getMethods()));
        if (plans.isEmpty()) {
            throw new CacheConfigurationException("no method of " + type.getName() + " is annotated"
                    + " [hint: put @Cached, @CachedBatch, @CachePut or @CacheInvalidate on the interface or on "
                    + target.getName() + "]");
        }
        return plans;
    }

    /** The plans of those that are annotated, and of the generic methods that they override. */
    List<MethodPlan> plans(Collection<Method> methods) {
        List<MethodPlan> plans = new ArrayList<>();
        List<Method> plain = new ArrayList<>();
        for (Method method : methods) {
            // a bridge carries copies of the annotations of what it leads to
            MethodPlan plan = Modifier.isStatic(method.getModifiers()) || method.isBridge() ? null : plan(method);
            if (plan == null) {
                plain.add(method);
            } else {
                plans.add(plan);
            }
        }
        plans.addAll(general(plans, plain, types));
        return plans;
    }

    /** Who calls save(S) of a super-interface means the save(Product) that overrides it: the plans of such methods. */
    static List<MethodPlan> general(List<MethodPlan> plans, Collection<Method> plain, Types types) {
        List<MethodPlan> more = new ArrayList<>();
        for (MethodPlan plan : plans) {
            plain.stream()
                    .filter(general -> types.overrides(plan.method(), general))
                    .forEach(general -> more.add(plan.of(general)));
        }
        return more;
    }

    /** Annotated methods that calls through the interface do not reach would be cached never, and silently. */
    private void refuseHidden() {
        for (Class<?> owner = target; owner != null; owner = owner.getSuperclass()) {
            for (Method method : owner.getDeclaredMethods()) {
                if (!method.isSynthetic() && ours(method) != null && !reachable(method)) {
                    throw new Where(simpleName(ours(method)), owner, method)
                            .wrong(
                                    "the method is not part of " + type.getName()
                                            + ", so the proxy never sees it called",
                                    "declare it in the interface");
                }
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (ours(method) != null && (method.getModifiers() & (Modifier.STATIC | Modifier.PRIVATE)) != 0) {
                throw new Where(simpleName(ours(method)), type, method)
                        .wrong("a static or private method does not go through a proxy", "make it an instance method");
            }
        }
    }

    private boolean reachable(Method method) {
        return Arrays.stream(type.getMethods())
                .anyMatch(offered -> offered.getName().equals(method.getName())
                        && offered.getParameterCount() == method.getParameterCount());
    }

    static @Nullable Class<? extends Annotation> ours(Method method) {
        return OURS.stream()
                .filter(kind -> !Annotations.on(method, kind).isEmpty())
                .findFirst()
                .orElse(null);
    }

    static String simpleName(@Nullable Class<?> kind) {
        return kind == null ? "" : kind.getSimpleName();
    }

    private @Nullable MethodPlan plan(Method method) {
        Method source = annotated(method);
        List<Found<Cached>> cached = Annotations.on(source, Cached.class);
        List<Found<CachedBatch>> batch = Annotations.on(source, CachedBatch.class);
        List<Found<CachePut>> puts = Annotations.on(source, CachePut.class);
        List<Found<CacheInvalidate>> invalidates = Annotations.on(source, CacheInvalidate.class);
        boolean writes = !puts.isEmpty() || !invalidates.isEmpty();
        if (cached.size() + batch.size() + (writes ? 1 : 0) > 1) {
            throw new Where("Cached", type, source)
                    .wrong(
                            "a method either reads or writes: its annotations contradict each other",
                            "use @Cached, or @CachedBatch, or any of @CachePut and @CacheInvalidate");
        }
        if (!cached.isEmpty()) {
            Where where = new Where(cached.get(0).name(), type, source);
            return read(method, cached.get(0).annotation(), where);
        }
        if (!batch.isEmpty()) {
            Where where = new Where(batch.get(0).name(), type, source);
            return batchRead(method, batch.get(0).annotation(), where);
        }
        return writes ? new WriteParser(this, type, types).parse(method, source, puts, invalidates) : null;
    }

    private MethodPlan read(Method method, Cached cached, Where where) {
        Settings settings = new Settings(
                policy(cached.policy(), where),
                Settings.duration(cached.ttl(), "ttl", where),
                Settings.duration(cached.localTtl(), "localTtl", where),
                Settings.duration(cached.nullTtl(), "nullTtl", where),
                List.of(cached.tags()));
        KeyPlan key = KeyPlan.parse(cached.key(), cached.keyGenerator(), types, where);
        ReturnShape shape = ReturnShape.of(types, where);
        Conditions conditions = Conditions.parse(cached.condition(), cached.unless(), shape.valueType(), where);
        Roots roots =
                Roots.parameters(where, types).withKey(single(key.types())).withResult(shape.valueType());
        TagPlan tags = TagPlan.parse(cached.tags(), roots, where);
        return new MethodPlan.Read(
                method, where.toString(), name(cached.name(), where), key, shape, settings, conditions, tags);
    }

    private MethodPlan batchRead(Method method, CachedBatch batch, Where where) {
        KeyPlan key = KeyPlan.parse(batch.key(), types, where);
        int parameter = key.plainParameter();
        if (parameter < 0 || method.getParameterCount() != 1) {
            throw where.wrong(
                    "a batch method takes its keys and nothing else",
                    "one parameter, such as Collection<String> skus; the other values belong into the key");
        }
        Type keysType = key.types().get(0);
        if (!Set.of(Collection.class, List.class, Set.class).contains(Types.raw(keysType))) {
            throw where.wrong("the keys are a " + keysType.getTypeName(), "take a Collection, List or Set of keys");
        }
        Type keyType = Types.argument(keysType, 0);
        BatchShape shape = BatchShape.of(batch.keyOf(), batch.maxBatch(), keysType, types, where);
        Conditions conditions = Conditions.parse(batch.condition(), batch.unless(), shape.valueType(), where);
        Settings settings = new Settings(policy(batch.policy(), where), null, null, null, List.of(batch.tags()));
        Roots roots = Roots.keyAndResult(where, types, types.resolve(keyType), shape.valueType());
        TagPlan tags = TagPlan.parse(batch.tags(), roots, where);
        String name = name(batch.name(), where);
        return new MethodPlan.BatchRead(
                method, where.toString(), name, parameter, keyType, shape, settings, conditions, tags);
    }

    /** The type of a key of one part; null if it has several, or none. */
    static @Nullable Type single(List<Type> parts) {
        return parts.size() == 1 ? parts.get(0) : null;
    }

    String name(String own, Where where) {
        if (!own.isEmpty()) {
            return own;
        }
        CacheConfig config = config(where);
        if (config == null || config.name().isEmpty()) {
            throw where.wrong("the cache has no name", "name = \"product\", or @CacheConfig(name = ...) on the type");
        }
        return config.name();
    }

    @Nullable String policy(String own, Where where) {
        if (!own.isEmpty()) {
            return own;
        }
        CacheConfig config = config(where);
        return config == null || config.policy().isEmpty() ? null : config.policy();
    }

    /** Of the type, or else the class behind it; for a class also of the interface that its annotations stand on. */
    private @Nullable CacheConfig config(Where where) {
        CacheConfig config = type.getAnnotation(CacheConfig.class);
        if (config == null) {
            config = target.getAnnotation(CacheConfig.class);
        }
        return config == null && !type.isInterface()
                ? where.method().getDeclaringClass().getAnnotation(CacheConfig.class)
                : config;
    }

    /** The method that carries the annotations: the one itself, that of the class behind it, or that of an interface. */
    private Method annotated(Method method) {
        if (ours(method) != null) {
            return method;
        }
        Method implementation = same(target, method);
        if (implementation != null && ours(implementation) != null) {
            return implementation;
        }
        for (Class<?> parent : Types.interfaces(type)) {
            Method declared = same(parent, method);
            if (declared != null && ours(declared) != null) {
                return declared;
            }
        }
        return implementation == null ? method : implementation;
    }

    private static @Nullable Method same(Class<?> owner, Method method) {
        try {
            Method found = owner.getMethod(method.getName(), method.getParameterTypes());
            return found.isBridge() ? null : found;
        } catch (NoSuchMethodException e) {
            // a proxy or a lambda of a type that hides it, or a method that is not public
            return null;
        }
    }
}
