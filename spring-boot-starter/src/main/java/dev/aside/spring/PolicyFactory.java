package dev.aside.spring;

import dev.aside.cache.TtlPolicy;
import dev.aside.cache.spi.CacheConfigurationException;
import dev.aside.spring.AsideProperties.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the policies of an application: its beans, then what {@code aside.policies.*} changes of them or adds. */
final class PolicyFactory {
    private static final String PREFIX = "aside.policies";
    private static final List<TtlPolicy> PRESETS =
            List.of(TtlPolicy.standard(), TtlPolicy.reference(), TtlPolicy.permissions(), TtlPolicy.aggregate());

    private PolicyFactory() {}

    /** The policies to hand to the caches; presets that nobody changes are left out. */
    static List<TtlPolicy> create(List<TtlPolicy> beans, Map<String, Policy> properties) {
        refuseTwins(beans);
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

    /** Said here, because properties of that name would hide it. */
    private static void refuseTwins(List<TtlPolicy> beans) {
        Map<String, TtlPolicy> seen = new HashMap<>();
        for (TtlPolicy bean : beans) {
            TtlPolicy other = seen.put(bean.name(), bean);
            if (other != null) {
                throw new CacheConfigurationException("policy '" + bean.name() + "' was added twice: " + other + " and "
                        + bean + "\n    for two beans of type TtlPolicy [hint: names are unique; change the policy of a"
                        + " bean or a preset with the properties below " + PREFIX + "." + bean.name() + "]");
            }
        }
    }

    private static TtlPolicy change(String name, Policy policy, @Nullable TtlPolicy start) {
        String property = Property.below(PREFIX, name);
        try {
            TtlPolicy base = start == null ? TtlPolicy.named(name).build() : start;
            return new PolicyChange(property, policy, base).apply();
        } catch (CacheConfigurationException e) {
            throw StartRefusedException.because(e, List.of(property)); // a name that is none
        }
    }
}
