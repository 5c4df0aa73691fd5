package dev.aside.cache;

import dev.aside.cache.TtlPolicy.LoadBreaker;
import dev.aside.cache.proxy.DurationText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A policy on one line, in the notation of the annotations; what is off is left out. */
final class PolicyText {
    private PolicyText() {}

    static String of(TtlPolicy policy) {
        return policy.name()
                + "{ttl=" + DurationText.format(policy.ttl())
                + " (" + DurationText.format(policy.minTtl()) + ".." + DurationText.format(policy.maxTtl()) + ")"
                + ", localTtl=" + DurationText.format(policy.localTtl())
                + ", jitter=" + policy.jitter()
                + ", nullTtl=" + DurationText.format(policy.nullTtl())
                + ", refreshAhead=" + policy.refreshAhead()
                + ", staleWhileRevalidate=" + DurationText.format(policy.staleWhileRevalidate())
                + ", staleIfError=" + DurationText.format(policy.staleIfError())
                + ", errorBackoff=" + DurationText.format(policy.errorBackoff())
                + (policy.maximumWeight() == 0
                        ? ", maximumSize=" + policy.maximumSize()
                        : ", maximumWeight=" + policy.maximumWeight())
                + ", singleFlight=" + policy.singleFlight()
                + (policy.singleFlight() == TtlPolicy.SingleFlight.CLUSTER
                        ? " (wait " + DurationText.format(policy.clusterWait()) + ")"
                        : "")
                + ", coherence=" + policy.coherence()
                + optional("softTimeout", policy.softTimeout())
                + optional("hardTimeout", policy.hardTimeout())
                + (policy.maxConcurrentLoads() == 0
                        ? ""
                        : ", maxConcurrentLoads=" + policy.maxConcurrentLoads() + " (wait "
                                + DurationText.format(policy.loadWait()) + ")")
                + breaker(policy.loadBreaker())
                + optional("slowLoad", policy.slowLoad())
                + (policy.ttlFrom() == null ? "" : ", ttlFrom=value")
                + (policy.tagsFrom() == null ? "" : ", tagsFrom=value")
                + (policy.copyOnRead() == null ? "" : ", copyOnRead") + "}";
    }

    private static String optional(String name, Duration value) {
        return value.isZero() ? "" : ", " + name + "=" + DurationText.format(value);
    }

    private static String breaker(@Nullable LoadBreaker breaker) {
        return breaker == null
                ? ""
                : ", loadBreaker=" + breaker.failureShare() + " of " + breaker.calls() + " for "
                        + DurationText.format(breaker.openFor());
    }
}
