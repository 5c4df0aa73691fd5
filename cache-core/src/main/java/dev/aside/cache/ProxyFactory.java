package dev.aside.cache;

import dev.aside.cache.proxy.MethodParser;
import dev.aside.cache.proxy.MethodPlan;
import dev.aside.cache.proxy.Settings;
import dev.aside.cache.spi.CacheConfigurationException;
import dev.aside.cache.spi.CacheSpec;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the proxy of an annotated interface: parses it, defines its caches, binds each method to its way of working. */
final class ProxyFactory {
    private final CacheRegistry registry;
    private final Map<String, Wanted> wanted = new TreeMap<>();

    /** What the methods of one interface want of one cache, put together. */
    private static final class Wanted {
        final CacheSpec spec;
        final String where;

        @Nullable Settings settings;

        Wanted(CacheSpec spec, String where) {
            this.spec = spec;
            this.where = where;
        }
    }

    private ProxyFactory(CacheRegistry registry) {
        this.registry = registry;
    }

    static <T> T create(CacheRegistry registry, Class<T> type, T target) {
        Objects.requireNonNull(target, "target");
        List<MethodPlan> plans = MethodParser.parse(type, target.getClass());
        Map<Method, Invocation> invocations = new ProxyFactory(registry).bind(plans, target);
        for (Method method : type.getMethods()) {
            invocations.computeIfAbsent(method, plain -> Target.of(plain, target)::call);
        }
        Object proxy = Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new CachedProxy(target, invocations));
        return type.cast(proxy);
    }

    private Map<Method, Invocation> bind(List<MethodPlan> plans, Object target) {
        for (MethodPlan plan : plans) {
            if (plan instanceof MethodPlan.Read read) {
                want(
                        new CacheSpec(
                                read.cache(), read.key().types(), read.shape().valueType()),
                        read,
                        read.settings());
            } else if (plan instanceof MethodPlan.BatchRead batch) {
                List<Type> key = List.of(batch.keyType());
                want(new CacheSpec(batch.cache(), key, batch.shape().valueType()), batch, batch.settings());
            }
        }
        Map<String, CacheEngine<?, ?>> engines = new HashMap<>();
        wanted.forEach((name, want) -> engines.put(name, registry.define(want.spec, wish(want))));
        Map<Method, Invocation> invocations = new HashMap<>();
        for (MethodPlan plan : plans) {
            invocations.put(plan.method(), invocation(plan, Target.of(plan.method(), target), engines));
        }
        return invocations;
    }

    private void want(CacheSpec spec, MethodPlan plan, Settings settings) {
        Wanted known = wanted.computeIfAbsent(spec.name(), name -> new Wanted(spec, plan.where()));
        if (!known.spec.equals(spec)) {
            // the registry knows how to say what differs
            registry.define(known.spec, wish(known));
            registry.define(spec, wish(new Wanted(spec, plan.where())));
        }
        known.settings = known.settings == null ? settings : merged(known, settings, plan.where());
    }

    private static Settings merged(Wanted known, Settings more, String where) {
        Settings there = Objects.requireNonNull(known.settings);
        Merge merge = new Merge(known.spec.name(), known.where, where);
        return new Settings(
                merge.one("policy", there.policy(), more.policy()),
                merge.one("ttl", there.ttl(), more.ttl()),
                merge.one("localTtl", there.localTtl(), more.localTtl()),
                merge.one("nullTtl", there.nullTtl(), more.nullTtl()));
    }

    private record Merge(String cache, String first, String second) {
        <T> @Nullable T one(String setting, @Nullable T there, @Nullable T more) {
            if (there != null && more != null && !there.equals(more)) {
                throw new CacheConfigurationException("cache '" + cache + "' is given two values of " + setting + ": "
                        + there + " and " + more + "\n    for " + second + ", and by " + first
                        + " [hint: one cache has one policy; say it once]");
            }
            return there == null ? more : there;
        }
    }

    private static PolicyBinding.Wish wish(Wanted want) {
        Settings settings = want.settings;
        if (settings == null) {
            return new PolicyBinding.Wish(TtlPolicy.standard().name(), null, null, null, want.where);
        }
        String policy = settings.policy() == null ? TtlPolicy.standard().name() : settings.policy();
        return new PolicyBinding.Wish(policy, settings.ttl(), settings.localTtl(), settings.nullTtl(), want.where);
    }

    private Invocation invocation(MethodPlan plan, Target target, Map<String, CacheEngine<?, ?>> engines) {
        if (plan instanceof MethodPlan.Read read) {
            CacheEngine<Object, Object> engine = engine(engines, read.cache());
            return read.shape().async()
                    ? new ReadInvocation(read, target, engine)::invokeAsync
                    : new ReadInvocation(read, target, engine)::invoke;
        }
        if (plan instanceof MethodPlan.BatchRead batch) {
            BatchInvocation invocation = new BatchInvocation(batch, target, engine(engines, batch.cache()));
            return batch.shape().async() ? invocation::invokeAsync : invocation::invoke;
        }
        MethodPlan.Write write = (MethodPlan.Write) plan;
        write.invalidations().stream()
                .filter(invalidation -> invalidation.key() != null)
                .forEach(invalidation ->
                        registry.noteInvalidation(invalidation.cache(), invalidation.keyTypes(), invalidation.where()));
        WriteInvocation invocation = new WriteInvocation(write, target, registry.invalidator());
        return write.async() ? invocation::invokeAsync : invocation::invoke;
    }

    @SuppressWarnings("unchecked") // inside, engines handle plain objects
    private static CacheEngine<Object, Object> engine(Map<String, CacheEngine<?, ?>> engines, String name) {
        return (CacheEngine<Object, Object>) Objects.requireNonNull(engines.get(name));
    }
}
