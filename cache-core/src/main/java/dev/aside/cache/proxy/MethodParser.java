package dev.aside.cache.proxy;

import dev.aside.cache.annotation.CacheConfig;
import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import dev.aside.cache.annotation.CachedBatch;
import dev.aside.cache.annotation.KeyGenerator;
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
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads the annotations of an interface, and of the class behind it, into plans. */
public final class MethodParser {
    private static final List<Class<? extends Annotation>> OURS =
            List.of(Cached.class, CachedBatch.class, CacheInvalidate.class);

    private final Class<?> type;
    private final Class<?> target;
    private final Types types;

    private MethodParser(Class<?> type, Class<?> target) {
        this.type = type;
        this.target = target;
        this.types = new Types(type);
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
        return new MethodParser(type, target).parse();
    }

    private List<MethodPlan> parse() {
        refuseHidden();
        List<MethodPlan> plans = new ArrayList<>();
        for (Method method : type.getMethods()) {
            MethodPlan plan = Modifier.isStatic(method.getModifiers()) ? null : plan(method);
            if (plan != null) {
                plans.add(plan);
            }
        }
        if (plans.isEmpty()) {
            throw new CacheConfigurationException("no method of " + type.getName() + " is annotated"
                    + " [hint: put @Cached, @CachedBatch or @CacheInvalidate on the interface or on "
                    + target.getName() + "]");
        }
        return plans;
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

    private static @Nullable Class<? extends Annotation> ours(Method method) {
        return OURS.stream()
                .filter(kind -> !Annotations.on(method, kind).isEmpty())
                .findFirst()
                .orElse(null);
    }

    private static String simpleName(@Nullable Class<?> kind) {
        return kind == null ? "" : kind.getSimpleName();
    }

    private @Nullable MethodPlan plan(Method method) {
        Method source = annotated(method);
        List<Found<Cached>> cached = Annotations.on(source, Cached.class);
        List<Found<CachedBatch>> batch = Annotations.on(source, CachedBatch.class);
        List<Found<CacheInvalidate>> invalidates = Annotations.on(source, CacheInvalidate.class);
        if (cached.size() + batch.size() + (invalidates.isEmpty() ? 0 : 1) > 1) {
            throw new Where("Cached", type, source)
                    .wrong(
                            "a method either reads or invalidates: its annotations contradict each other",
                            "use one of @Cached, @CachedBatch and @CacheInvalidate");
        }
        if (!cached.isEmpty()) {
            Where where = new Where(cached.get(0).name(), type, source);
            return read(method, cached.get(0).annotation(), where);
        }
        if (!batch.isEmpty()) {
            Where where = new Where(batch.get(0).name(), type, source);
            return batchRead(method, batch.get(0).annotation(), where);
        }
        return invalidates.isEmpty() ? null : write(method, invalidates, source);
    }

    private MethodPlan read(Method method, Cached cached, Where where) {
        Settings settings = new Settings(
                policy(cached.policy()),
                Settings.duration(cached.ttl(), "ttl", where),
                Settings.duration(cached.localTtl(), "localTtl", where),
                Settings.duration(cached.nullTtl(), "nullTtl", where));
        KeyPlan key = KeyPlan.parse(cached.key(), cached.keyGenerator(), types, where);
        ReturnShape shape = ReturnShape.of(types, where);
        Conditions conditions = Conditions.parse(cached.condition(), cached.unless(), shape.valueType(), where);
        return new MethodPlan.Read(
                method, where.toString(), name(cached.name(), where), key, shape, settings, conditions);
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
        Settings settings = new Settings(policy(batch.policy()), null, null, null);
        return new MethodPlan.BatchRead(
                method, where.toString(), name(batch.name(), where), parameter, keyType, shape, settings, conditions);
    }

    private MethodPlan write(Method method, List<Found<CacheInvalidate>> annotations, Method source) {
        Where where = new Where(annotations.get(0).name(), type, source);
        List<MethodPlan.Invalidation> invalidations = new ArrayList<>();
        for (Found<CacheInvalidate> found : annotations) {
            invalidations.add(invalidation(found.annotation(), new Where(found.name(), type, source)));
        }
        boolean async = CompletionStage.class.isAssignableFrom(method.getReturnType());
        if (async && !method.getReturnType().isAssignableFrom(java.util.concurrent.CompletableFuture.class)) {
            throw where.wrong(
                    "the return type " + method.getReturnType().getTypeName() + " cannot be made by the cache",
                    "return CompletableFuture or CompletionStage");
        }
        return new MethodPlan.Write(method, where.toString(), async, List.copyOf(invalidations));
    }

    private MethodPlan.Invalidation invalidation(CacheInvalidate annotation, Where where) {
        String cache = name(annotation.name(), where);
        if (annotation.allEntries()) {
            if (!annotation.key().isEmpty()) {
                throw where.wrong(
                        "key '" + annotation.key() + "' and allEntries contradict each other", "drop one of them");
            }
            if (annotation.keyGenerator() != KeyGenerator.None.class) {
                throw where.wrong(
                        "keyGenerator " + annotation.keyGenerator().getSimpleName()
                                + " and allEntries contradict each other",
                        "drop one of them");
            }
            return new MethodPlan.Invalidation(cache, null, false, List.of(), annotation.onPending(), where.toString());
        }
        KeyPlan key = KeyPlan.parse(annotation.key(), annotation.keyGenerator(), types, where);
        List<Type> keyTypes = key.types();
        boolean many = keyTypes.size() == 1 && Collection.class.isAssignableFrom(Types.raw(keyTypes.get(0)));
        if (many) {
            keyTypes = List.of(types.resolve(Types.argument(keyTypes.get(0), 0)));
        }
        return new MethodPlan.Invalidation(cache, key, many, keyTypes, annotation.onPending(), where.toString());
    }

    private String name(String own, Where where) {
        if (!own.isEmpty()) {
            return own;
        }
        CacheConfig config = config();
        if (config == null || config.name().isEmpty()) {
            throw where.wrong("the cache has no name", "name = \"product\", or @CacheConfig(name = ...) on the type");
        }
        return config.name();
    }

    private @Nullable String policy(String own) {
        if (!own.isEmpty()) {
            return own;
        }
        CacheConfig config = config();
        return config == null || config.policy().isEmpty() ? null : config.policy();
    }

    private @Nullable CacheConfig config() {
        CacheConfig config = type.getAnnotation(CacheConfig.class);
        return config == null ? target.getAnnotation(CacheConfig.class) : config;
    }

    /** The method that carries the annotations: the interface's, or else the one of the class behind it. */
    private Method annotated(Method method) {
        Method implementation = ours(method) == null ? implementation(method) : null;
        return implementation == null ? method : implementation;
    }

    private @Nullable Method implementation(Method method) {
        try {
            return target.getMethod(method.getName(), method.getParameterTypes());
        } catch (NoSuchMethodException e) {
            // the target is a proxy or a lambda of a type that hides it: the interface's annotations are all there are
            return null;
        }
    }
}
