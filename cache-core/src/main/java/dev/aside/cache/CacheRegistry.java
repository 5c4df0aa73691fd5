package dev.aside.cache;

import dev.aside.cache.spi.CacheConfigurationException;
import dev.aside.cache.spi.CacheSpec;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The caches of one {@link Caches}, by name. A name stands for one key type, one value type and one policy, whoever uses
 * it. Thread-safe.
 */
final class CacheRegistry {
    private final CacheContext context;
    private final Policies policies;
    private final Fences fences = new Fences();
    private final TagFences tagFences = new TagFences();
    private final Invalidator invalidator;
    private final Map<String, Definition> definitions = new ConcurrentHashMap<>();
    private final Map<String, List<KeyUse>> invalidations = new TreeMap<>();

    /** A cache with what it was defined as. */
    record Definition(CacheSpec spec, PolicyBinding binding, CacheEngine<?, ?> engine) {}

    /** An annotation that invalidates keys of these types. */
    private record KeyUse(List<Type> keyParts, String where) {}

    CacheRegistry(CacheContext context, Policies policies) {
        this.context = context;
        this.policies = policies;
        this.invalidator = new Invalidator(context, this::engine);
    }

    CacheContext context() {
        return context;
    }

    Invalidator invalidator() {
        return invalidator;
    }

    @Nullable CacheEngine<?, ?> engine(String name) {
        Definition definition = definitions.get(name);
        return definition == null ? null : definition.engine;
    }

    List<Definition> definitions() {
        return List.copyOf(new TreeMap<>(definitions).values());
    }

    /** Defines a cache, or gives back the one of that name if it is the same in every respect. */
    synchronized CacheEngine<?, ?> define(CacheSpec spec, PolicyBinding.Wish wish) {
        Names.check("cache name", spec.name());
        Definition known = definitions.get(spec.name());
        if (known != null) {
            refuseDifference(known, spec, wish);
            return known.engine;
        }
        for (KeyUse use : invalidations.getOrDefault(spec.name(), List.of())) {
            refuseOtherKey(spec.name(), spec.keyParts(), wish.where(), use.keyParts, use.where);
        }
        boolean localOnly = !context.hasRemote();
        PolicyBinding binding =
                new PolicyBinding(spec.name(), wish, localOnly, policies.named(wish.policyName(), wish.where()));
        LocalLevel local = new LocalLevel(
                spec.name(),
                fences,
                tagFences,
                binding,
                new Influx(context.time().clock()));
        CacheEngine<?, ?> engine = new CacheEngine<>(
                spec.name(),
                new CacheParts(
                        context, context.remote().open(spec, local), local, invalidator, binding, new StatsCounter()));
        policies.bind(binding, local);
        definitions.put(spec.name(), new Definition(spec, binding, engine));
        return engine;
    }

    /** Notes that keys of these types are invalidated, so that a cache of other keys is refused. */
    synchronized void noteInvalidation(String name, List<Type> keyParts, String where) {
        Names.check("cache name", name);
        Definition known = definitions.get(name);
        if (known != null) {
            refuseOtherKey(name, known.spec.keyParts(), known.binding.wish().where(), keyParts, where);
        }
        invalidations.computeIfAbsent(name, key -> new ArrayList<>()).add(new KeyUse(List.copyOf(keyParts), where));
    }

    private static void refuseDifference(Definition known, CacheSpec spec, PolicyBinding.Wish wish) {
        String there = known.binding.wish().where();
        if (!known.spec.valueType().equals(spec.valueType())) {
            throw new CacheConfigurationException("cache '" + spec.name() + "' holds values of type "
                    + known.spec.valueType().getTypeName() + ", not "
                    + spec.valueType().getTypeName() + "\n    for " + wish.where() + ", defined by " + there
                    + " [hint: one cache has one value type; give the other a name of its own]");
        }
        refuseOtherKey(spec.name(), known.spec.keyParts(), there, spec.keyParts(), wish.where());
        if (!known.binding.wish().grants(wish)) {
            throw new CacheConfigurationException("cache '" + spec.name() + "' has "
                    + known.binding.wish().settings() + ", not " + wish.settings() + "\n    for " + wish.where()
                    + ", defined by " + there + " [hint: one cache has one policy; say the same in both places]");
        }
    }

    private static void refuseOtherKey(
            String cache, List<Type> defined, String definedBy, List<Type> used, String where) {
        if (!defined.equals(used)) {
            throw new CacheConfigurationException("cache '" + cache + "' has keys of type " + names(defined) + ", not "
                    + names(used) + "\n    for " + where + ", defined by " + definedBy
                    + " [hint: name the path that gives the key, such as key = \"product.sku\";"
                    + " int and long are different keys]");
        }
    }

    private static String names(List<Type> parts) {
        if (parts.size() == 1) {
            return parts.get(0).getTypeName();
        }
        return "(" + String.join(", ", parts.stream().map(Type::getTypeName).toList()) + ")";
    }
}
