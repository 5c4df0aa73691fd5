package dev.aside.spring;

import dev.aside.cache.EventLoopGuard;
import dev.aside.offload.OffloadBuilder;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.TypeOptions;
import dev.aside.spring.AsideProperties.JobType;
import dev.aside.spring.AsideProperties.Offload;
import org.jspecify.annotations.Nullable;

/** Brings {@code aside.offload.*} into an executor's builder. */
final class OffloadFactory {
    private static final String PREFIX = "aside.offload.";

    private OffloadFactory() {}

    static OffloadBuilder builder(Offload properties) {
        OffloadBuilder builder = OffloadExecutor.builder();
        Property.apply(PREFIX + "threshold", properties.threshold(), builder::threshold);
        Property.apply(PREFIX + "workers", properties.workers(), builder::workers);
        Property.apply(PREFIX + "max-backlog", properties.maxBacklog(), builder::maxBacklog);
        Property.apply(PREFIX + "max-inline", properties.maxInline(), builder::maxInline);
        Property.apply(PREFIX + "drain", properties.drain(), builder::drain);
        if (properties.platformThreads()) {
            builder.platformThreads();
        }
        if (properties.declaredTypesOnly()) {
            builder.declaredTypesOnly();
        }
        properties.types().forEach((name, type) -> {
            String property = Property.below(PREFIX + "types", name);
            Property.apply(property, name, known -> builder.type(known, options -> change(property, type, options)));
        });
        return builder;
    }

    /** One property sets the guard of both halves. */
    static void guard(OffloadBuilder builder, @Nullable EventLoopGuard guard) {
        if (guard != null) {
            builder.eventLoopGuard(
                    switch (guard) {
                        case OFF -> dev.aside.offload.EventLoopGuard.OFF;
                        case WARN -> dev.aside.offload.EventLoopGuard.WARN;
                        case REFUSE -> dev.aside.offload.EventLoopGuard.REFUSE;
                    });
        }
    }

    private static TypeOptions.Builder change(String property, JobType type, TypeOptions.Builder options) {
        Property.apply(property + ".threshold", type.threshold(), options::threshold);
        Property.apply(property + ".on-wait-timeout", type.onWaitTimeout(), options::onWaitTimeout);
        Property.apply(property + ".adaptive", type.adaptive(), options::adaptive);
        Property.apply(property + ".max-concurrent", type.maxConcurrent(), options::maxConcurrent);
        Property.apply(property + ".max-backlog", type.maxBacklog(), options::maxBacklog);
        return options;
    }
}
