package dev.aside.spring;

import dev.aside.offload.OffloadBuilder;

/** A bean that changes how the auto-configured {@code OffloadExecutor} is built, after the properties. */
@FunctionalInterface
public interface OffloadCustomizer {

    /** Called once, before the executor is built. */
    void customize(OffloadBuilder builder);
}
