package dev.aside.spring;

import dev.aside.cache.redis.RedisTierBuilder;

/** A bean that changes how the auto-configured {@code RedisTier} is built, after properties and listener beans. */
@FunctionalInterface
public interface RedisTierCustomizer {

    /** Called once, before the tier is built and connects. */
    void customize(RedisTierBuilder builder);
}
