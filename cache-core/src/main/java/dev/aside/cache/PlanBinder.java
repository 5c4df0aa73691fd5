package dev.aside.cache;

import dev.aside.cache.proxy.MethodPlan;
import dev.aside.cache.proxy.Settings;
import dev.aside.cache.spi.CacheConfigurationException;
import dev.aside.cache.spi.CacheSpec;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Binds the plans of one type to the caches they want, which it defines. Used once. */
final class PlanBinder {
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

    PlanBinder(CacheRegistry registry) {
        this.registry = registry;
    }

    /** The way each method works.
     *
     * @throws CacheConfigurationException if its annotations contradict each other, or what is defined already
     */
    Map<Method, Interception> bind(List<MethodPlan> plans) {
        for (MethodPlan plan : plans) {
            if (plan instanceof MethodPlan.Read read) {
                want(
                        new CacheSpec(
                                read.cache(), read.key().types(), read.shape().valueType()),
                        read.where(),
                        read.settings());
            } else if (plan instanceof MethodPlan.BatchRead batch) {
                List<Type> key = List.of(batch.keyType());
                want(new CacheSpec(batch.cache(), key, batch.shape().valueType()), batch.where(), batch.settings());
            } else if (plan instanceof MethodPlan.Write write) {
                for (MethodPlan.Put put : write.puts()) {
                    want(new CacheSpec(put.cache(), put.key().types(), put.valueType()), put.where(), put.settings());
                }
            }
        }
        Map<String, CacheEngine<?, ?>> engines = new HashMap<>();
        wanted.forEach((name, want) -> engines.put(name, registry.define(want.spec, wish(want))));
        Map<Method, Interception> invocations = new HashMap<>();
        for (MethodPlan plan : plans) {
            invocations.put(plan.method(), interception(plan, engines));
        }
        return invocations;
    }

    private void want(CacheSpec spec, String where, Settings settings) {
        Wanted known = wanted.computeIfAbsent(spec.name(), name -> new Wanted(spec, where));
        if (!known.spec.equals(spec)) {
            // the registry knows how to say what differs
            registry.define(known.spec, wish(known));
            registry.define(spec, wish(new Wanted(spec, where)));
        }
        known.settings = known.settings == null ? settings : merged(known, settings, where);
    }

    private static Settings merged(Wanted known, Settings more, String where) {
        Settings there = Objects.requireNonNull(known.settings);
        Merge merge = new Merge(known.spec.name(), known.where, where);
        return new Settings(
                merge.one("policy", there.policy(), more.policy()),
                merge.one("ttl", there.ttl(), more.ttl()),
                merge.one("localTtl", there.localTtl(), more.localTtl()),
                merge.one("nullTtl", there.nullTtl(), more.nullTtl()),
                merge.tags(there.tags(), more.tags()));
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

        /** A value that one method loads without a tag would stay when the tag of the other's is invalidated. */
        List<String> tags(List<String> there, List<String> more) {
            if (!there.equals(more)) {
                throw new CacheConfigurationException(
                        "cache '" + cache + "' is given different tags: " + there + " and "
                                + more + "\n    for " + second + ", and by " + first
                                + " [hint: give the same tags in both places; {key} and {result} mean the same in each]");
            }
            return there;
        }
    }

    private static PolicyBinding.Wish wish(Wanted want) {
        Settings said = want.settings;
        return said == null
                ? new PolicyBinding.Wish(null, null, null, null, List.of(), want.where)
                : new PolicyBinding.Wish(
                        said.policy(), said.ttl(), said.localTtl(), said.nullTtl(), said.tags(), want.where);
    }

    private Interception interception(MethodPlan plan, Map<String, CacheEngine<?, ?>> engines) {
        if (plan instanceof MethodPlan.Read read) {
            return ReadInvocation.of(read, engine(engines, read.cache()).reads());
        }
        if (plan instanceof MethodPlan.BatchRead batch) {
            BatchInvocation invocation =
                    new BatchInvocation(batch, engine(engines, batch.cache()).reads());
            return batch.shape().async() ? invocation::invokeAsync : invocation::invoke;
        }
        MethodPlan.Write write = (MethodPlan.Write) plan;
        WriteInvocation invocation =
                new WriteInvocation(write.where(), effects(write, engines), registry.context(), registry.invalidator());
        return write.async() ? invocation::invokeAsync : invocation::invoke;
    }

    private List<WriteEffect> effects(MethodPlan.Write write, Map<String, CacheEngine<?, ?>> engines) {
        List<WriteEffect> effects = new ArrayList<>();
        for (MethodPlan.Put put : write.puts()) {
            effects.add(new PutEffect(put, engine(engines, put.cache()).puts(), registry.invalidator()));
        }
        for (MethodPlan.Invalidation invalidation : write.invalidations()) {
            Names.check("cache name", invalidation.cache());
            if (invalidation.key() != null) {
                registry.noteInvalidation(invalidation.cache(), invalidation.keyTypes(), invalidation.where());
            }
            effects.add(new InvalidateEffect(invalidation, registry.invalidator()));
        }
        return effects;
    }

    private static CacheEngine<?, ?> engine(Map<String, CacheEngine<?, ?>> engines, String name) {
        return Objects.requireNonNull(engines.get(name));
    }
}
