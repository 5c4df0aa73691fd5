package dev.aside.cache;

import dev.aside.cache.spi.CacheConfigurationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * The named policies of a {@link Caches}, which can be replaced while it runs. Thread-safe.
 */
public final class Policies {
    private final TreeMap<String, TtlPolicy> byName = new TreeMap<>();
    private final List<Bound> bound = new ArrayList<>();

    private record Bound(PolicyBinding binding, LocalLevel local) {}

    Policies(Collection<TtlPolicy> policies) {
        for (TtlPolicy preset :
                List.of(TtlPolicy.standard(), TtlPolicy.reference(), TtlPolicy.permissions(), TtlPolicy.aggregate())) {
            byName.put(preset.name(), preset);
        }
        policies.forEach(policy -> byName.put(policy.name(), policy));
    }

    /**
     * The policy of that name.
     *
     * @throws CacheConfigurationException if there is none; the message lists those there are
     */
    public synchronized TtlPolicy get(String name) {
        TtlPolicy policy = byName.get(name);
        if (policy == null) {
            throw unknown(name, "");
        }
        return policy;
    }

    /** All policies, by name; a copy. */
    public synchronized List<TtlPolicy> all() {
        return List.copyOf(byName.values());
    }

    /**
     * Puts another policy of the same name in force. New entries follow it at once; entries that are there keep the
     * times they were given.
     *
     * @throws CacheConfigurationException if no policy of that name exists, or if a cache's own settings contradict the
     *     new policy; nothing is changed then
     */
    public synchronized void replace(TtlPolicy policy) {
        if (!byName.containsKey(policy.name())) {
            throw unknown(policy.name(), "");
        }
        List<Runnable> changes = new ArrayList<>();
        for (Bound use : bound) {
            if (use.binding.wish().policyName().equals(policy.name())) {
                TtlPolicy next = use.binding.successor(policy);
                changes.add(() -> {
                    use.binding.follow(next);
                    use.local.resize(next);
                });
            }
        }
        byName.put(policy.name(), policy);
        changes.forEach(Runnable::run);
    }

    synchronized TtlPolicy named(String name, String where) {
        TtlPolicy policy = byName.get(name);
        if (policy == null) {
            throw unknown(name, "\n    for " + where);
        }
        return policy;
    }

    synchronized void bind(PolicyBinding binding, LocalLevel local) {
        bound.add(new Bound(binding, local));
        // a replacement may have come between the binding's making and now
        binding.follow(binding.effective(
                named(binding.wish().policyName(), binding.wish().where())));
    }

    private CacheConfigurationException unknown(String name, String where) {
        return new CacheConfigurationException("there is no policy '" + name + "'" + where + " [hint: there are "
                + String.join(", ", byName.keySet()) + "; add your own with Caches.builder().policy(...)]");
    }
}
