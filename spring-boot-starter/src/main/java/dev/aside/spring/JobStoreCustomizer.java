package dev.aside.spring;

import dev.aside.offload.redis.RedisJobStoreBuilder;

/** A bean that changes how the auto-configured {@code RedisJobStore} is built, after properties. */
@FunctionalInterface
public interface JobStoreCustomizer {

    /** Called once, before the store is built and connects. */
    void customize(RedisJobStoreBuilder builder);
}
