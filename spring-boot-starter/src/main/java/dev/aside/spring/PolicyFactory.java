package dev.aside.spring;

import dev.aside.cache.TtlPolicy;
import dev.aside.cache.spi.CacheConfigurationException;
import dev.aside.spring.AsideProperties.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the policies of an application: its beans, then what {@code aside.policies.*} changes of them or adds. */
final class PolicyFactory {
    private static final List<TtlPolicy> PRESETS =
            List.of(TtlPolicy.standard(), TtlPolicy.reference(), TtlPolicy.permissions(), TtlPolicy.aggregate());

    private PolicyFactory() {}

    /** The policies to hand to the caches; presets that nobody changes are left out. */
    static List<TtlPolicy> create(List<TtlPolicy> beans, Map<String, Policy> properties) {
        Map<String, TtlPolicy> starts = new TreeMap<>();
        PRESETS.forEach(preset -> starts.put(preset.name(), preset));
        beans.forEach(bean -> starts.put(bean.name(), bean));
        List<TtlPolicy> result = new ArrayList<>();
        for (TtlPolicy bean : beans) {
            if (!properties.containsKey(bean.name())) {
                result.add(bean);
            }
        }
        properties.forEach((name, policy) -> result.add(change(name, policy, starts.get(name))));
        return result;
    }

    private static TtlPolicy change(String name, Policy policy, @Nullable TtlPolicy start) {
        String property = "aside.policies." + name;
        TtlPolicy.Builder builder;
        try {
            builder = start == null ? TtlPolicy.named(name) : start.toBuilder();
        } catch (CacheConfigurationException e) {
            throw Property.invalid(property, name, e);
        }
        times(property + ".", policy, builder);
        rest(property + ".", policy, builder);
        bounds(property + ".", policy, builder, start == null ? builder.build() : start);
        try {
            return builder.build();
        } catch (CacheConfigurationException e) {
            // settings that are right one by one and contradict each other
            throw Property.invalid(policy.ttl() == null ? property : property + ".ttl", policy.ttl(), e);
        }
    }

    private static void times(String property, Policy policy, TtlPolicy.Builder builder) {
        Property.apply(property + "ttl", policy.ttl(), builder::ttl);
        Property.apply(property + "local-ttl", policy.localTtl(), builder::localTtl);
        Property.apply(property + "null-ttl", policy.nullTtl(), builder::nullTtl);
        Property.apply(
                property + "stale-while-revalidate", policy.staleWhileRevalidate(), builder::staleWhileRevalidate);
        Property.apply(property + "stale-if-error", policy.staleIfError(), builder::staleIfError);
        Property.apply(property + "error-backoff", policy.errorBackoff(), builder::errorBackoff);
        Property.apply(property + "cluster-wait", policy.clusterWait(), builder::clusterWait);
    }

    private static void rest(String property, Policy policy, TtlPolicy.Builder builder) {
        Property.apply(property + "jitter", policy.jitter(), builder::jitter);
        Property.apply(property + "refresh-ahead", policy.refreshAhead(), builder::refreshAhead);
        Property.apply(property + "maximum-size", policy.maximumSize(), builder::maximumSize);
        Property.apply(property + "single-flight", policy.singleFlight(), builder::singleFlight);
        Property.apply(property + "coherence", policy.coherence(), builder::coherence);
    }

    private static void bounds(String property, Policy policy, TtlPolicy.Builder builder, TtlPolicy start) {
        if (policy.minTtl() == null && policy.maxTtl() == null) {
            return;
        }
        Duration min = policy.minTtl() == null ? start.minTtl() : policy.minTtl();
        Duration max = policy.maxTtl() == null ? start.maxTtl() : policy.maxTtl();
        boolean minGiven = policy.minTtl() != null;
        Property.apply(
                property + (minGiven ? "min-ttl" : "max-ttl"), minGiven ? min : max, given -> builder.bounds(min, max));
    }
}
