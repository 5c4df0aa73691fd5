package dev.aside.spring;

import dev.aside.cache.Caches;

/** A bean that changes how the auto-configured {@link Caches} are built, after properties and policy beans. */
@FunctionalInterface
public interface CachesCustomizer {

    /** Called once, before the caches are built. */
    void customize(Caches.Builder builder);
}
