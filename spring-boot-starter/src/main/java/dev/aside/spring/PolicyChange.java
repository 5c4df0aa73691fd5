package dev.aside.spring;

import dev.aside.cache.TtlPolicy;
import dev.aside.cache.spi.CacheConfigurationException;
import dev.aside.spring.AsideProperties.LoadBreaker;
import dev.aside.spring.AsideProperties.Policy;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the properties of one name change of a policy. */
final class PolicyChange {
    private static final Set<String> BOUNDS = Set.of("min-ttl", "max-ttl");

    private final String prefix;
    private final Policy policy;
    private final TtlPolicy base;
    private final TtlPolicy.Builder builder;
    private final Set<String> given = new LinkedHashSet<>();

    /** @param property the name of the policy's own property, without a dot at its end */
    PolicyChange(String property, Policy policy, TtlPolicy base) {
        this.prefix = property + ".";
        this.policy = policy;
        this.base = base;
        this.builder = base.toBuilder();
    }

    TtlPolicy apply() {
        times();
        apply("jitter", policy.jitter(), builder::jitter);
        apply("refresh-ahead", policy.refreshAhead(), builder::refreshAhead);
        apply("single-flight", policy.singleFlight(), builder::singleFlight);
        apply("coherence", policy.coherence(), builder::coherence);
        bounds();
        size();
        loads();
        breaker();
        try {
            return builder.build();
        } catch (CacheConfigurationException e) {
            // settings that are right one by one and contradict each other
            throw StartRefusedException.because(e, mentioned(Complaint.of(e).what()));
        }
    }

    private void times() {
        apply("ttl", policy.ttl(), builder::ttl);
        apply("local-ttl", policy.localTtl(), builder::localTtl);
        apply("null-ttl", policy.nullTtl(), builder::nullTtl);
        apply("stale-while-revalidate", policy.staleWhileRevalidate(), builder::staleWhileRevalidate);
        apply("stale-if-error", policy.staleIfError(), builder::staleIfError);
        apply("error-backoff", policy.errorBackoff(), builder::errorBackoff);
        apply("soft-timeout", policy.softTimeout(), builder::softTimeout);
        apply("hard-timeout", policy.hardTimeout(), builder::hardTimeout);
        apply("slow-load", policy.slowLoad(), builder::slowLoad);
        apply("cluster-wait", policy.clusterWait(), builder::clusterWait);
    }

    private void bounds() {
        if (policy.minTtl() == null && policy.maxTtl() == null) {
            return;
        }
        note("min-ttl", policy.minTtl());
        note("max-ttl", policy.maxTtl());
        try {
            builder.bounds(
                    policy.minTtl() == null ? base.minTtl() : policy.minTtl(),
                    policy.maxTtl() == null ? base.maxTtl() : policy.maxTtl());
        } catch (CacheConfigurationException e) {
            throw StartRefusedException.because(
                    e,
                    given.stream().filter(BOUNDS::contains).map(prefix::concat).toList());
        }
    }

    private void size() {
        if (policy.maximumSize() != null && policy.maximumWeight() != null) {
            throw new StartRefusedException(
                    "maximum-size and maximum-weight contradict each other",
                    "drop one of them",
                    names("maximum-size", "maximum-weight"));
        }
        apply("maximum-size", policy.maximumSize(), builder::maximumSize);
        ToIntFunction<Object> weigher = base.weigher();
        if (policy.maximumWeight() != null && weigher == null) {
            throw new StartRefusedException(
                    "maximum-weight has nothing that weighs a value",
                    "declare the policy as a TtlPolicy bean with a weigher, or set maximum-size",
                    names("maximum-weight"));
        }
        apply("maximum-weight", policy.maximumWeight(), weight -> {
            if (weigher != null) {
                builder.maximumWeight(weight, weigher);
            }
        });
    }

    private void loads() {
        Integer most = policy.maxConcurrentLoads();
        if (most == null && policy.loadWait() == null) {
            return;
        }
        if (most == null && base.maxConcurrentLoads() == 0) {
            throw new StartRefusedException(
                    "load-wait has no limit of loads to wait for",
                    "set max-concurrent-loads as well",
                    names("load-wait"));
        }
        int loads = most == null ? base.maxConcurrentLoads() : most;
        apply("max-concurrent-loads", most, number -> builder.maxConcurrentLoads(number, base.loadWait()));
        apply("load-wait", policy.loadWait(), wait -> builder.maxConcurrentLoads(loads, wait));
    }

    private void breaker() {
        LoadBreaker change = policy.loadBreaker();
        if (change == null) {
            return;
        }
        TtlPolicy.LoadBreaker old = base.loadBreaker();
        Double share = first(change.failureShare(), old == null ? null : old.failureShare());
        Integer calls = first(change.calls(), old == null ? null : old.calls());
        Duration openFor = first(change.openFor(), old == null ? null : old.openFor());
        if (share == null || calls == null || openFor == null) {
            throw new StartRefusedException(
                    "load-breaker is incomplete",
                    "set failure-share, calls and open-for, such as 0.5, 20 and 10s",
                    names("load-breaker"));
        }
        try {
            builder.loadBreaker(share, calls, openFor);
        } catch (CacheConfigurationException e) {
            throw new StartRefusedException(
                    Complaint.of(e).what(),
                    "set failure-share from 0.01 to 1, calls from 1, and open-for from 1ms to 1h",
                    names("load-breaker"));
        }
    }

    private <T> void apply(String name, @Nullable T value, Consumer<? super T> setter) {
        note(name, value);
        Property.apply(prefix + name, value, setter);
    }

    private void note(String name, @Nullable Object value) {
        if (value != null) {
            given.add(name);
        }
    }

    private List<String> names(String... names) {
        return Arrays.stream(names).map(prefix::concat).toList();
    }

    /** Those of the given properties that a message speaks of; if it speaks of others, all of them. */
    private List<String> mentioned(String message) {
        String text = PropertyText.of(message).replace("bounds", "bounds min-ttl max-ttl");
        List<String> mentioned = given.stream()
                .filter(name -> Pattern.compile("(?<![\\w-])" + name + "(?![\\w-])")
                        .matcher(text)
                        .find())
                .map(prefix::concat)
                .toList();
        return mentioned.isEmpty() ? List.of(prefix.substring(0, prefix.length() - 1)) : mentioned;
    }

    private static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
        return one == null ? other : one;
    }
}
