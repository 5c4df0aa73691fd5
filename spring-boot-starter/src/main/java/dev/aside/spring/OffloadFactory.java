package dev.aside.spring;

import dev.aside.cache.EventLoopGuard;
import dev.aside.offload.OffloadBuilder;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.TypeOptions;
import dev.aside.offload.http.StartRules;
import dev.aside.spring.AsideProperties.JobType;
import dev.aside.spring.AsideProperties.Offload;
import dev.aside.spring.offload.OffloadedMethod;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** Brings {@code aside.offload.*} into an executor's builder. */
final class OffloadFactory {
    private static final Logger LOG = System.getLogger(OffloadFactory.class.getName());
    private static final String PREFIX = "aside.offload.";
    private static final String PHASE = "spring.lifecycle.timeout-per-shutdown-phase";
    private static final Duration PHASE_TIMEOUT = Duration.ofSeconds(30); // Boot's own default
    private static final Duration DRAIN = Duration.ofSeconds(20);
    /** What may follow the drain: work is told to stop, then interrupted. */
    private static final Duration CANCELLATION = Duration.ofSeconds(6);

    private OffloadFactory() {}

    static OffloadBuilder builder(Offload properties, Map<String, OffloadedMethod> annotated) {
        OffloadBuilder builder = OffloadExecutor.builder();
        Property.apply(PREFIX + "threshold", properties.threshold(), builder::threshold);
        Property.apply(PREFIX + "workers", properties.workers(), builder::workers);
        Property.apply(PREFIX + "max-backlog", properties.maxBacklog(), builder::maxBacklog);
        Property.apply(PREFIX + "max-inline", properties.maxInline(), builder::maxInline);
        if (properties.platformThreads()) {
            builder.platformThreads();
        }
        if (properties.declaredTypesOnly()) {
            builder.declaredTypesOnly();
        }
        properties.types().forEach((name, type) -> {
            String property = Property.below(PREFIX + "types", name);
            OffloadedMethod method = annotated.get(name);
            Property.apply(
                    property,
                    name,
                    known -> builder.type(
                            known,
                            options -> change(property, type, method == null ? options : method.typeOptions(options))));
        });
        annotated.forEach((name, method) -> {
            if (!properties.types().containsKey(name)) {
                declare(builder, name, method);
            }
        });
        return builder;
    }

    /**
     * How long unfinished work goes on at the end: if it is not said, as long as the phase of the shutdown leaves room for
     * the cancellation that follows.
     */
    static void drain(OffloadBuilder builder, Offload properties, Environment environment) {
        Duration phaseTimeout = environment.getProperty(PHASE, Duration.class, PHASE_TIMEOUT);
        Duration room = phaseTimeout.minus(CANCELLATION);
        Duration asked = properties.drain();
        if (asked == null) {
            Duration standard = room.compareTo(DRAIN) < 0 ? room : DRAIN;
            builder.drain(standard.isNegative() ? Duration.ZERO : standard);
            return;
        }
        Property.apply(PREFIX + "drain", asked, builder::drain);
        if (asked.compareTo(room) > 0) {
            LOG.log(
                    Level.WARNING,
                    PropertyText.of("aside.offload.drain " + asked + " and up to " + CANCELLATION
                            + " of cancellation do not fit into " + PHASE + " "
                            + phaseTimeout + ". Hint: raise that, or jobs are lost that could have ended."));
        }
    }

    private static void declare(OffloadBuilder builder, String name, OffloadedMethod method) {
        try {
            builder.type(name, method::typeOptions);
        } catch (IllegalArgumentException e) {
            throw method.refusedFor(e);
        }
    }

    /** How an endpoint starts work: what properties say of its type, what its annotation says, what holds for all. */
    static StartRules rules(Offload properties, OffloadedMethod method) {
        StartRules rules = StartRules.standard().promotion(method.promotion()).key(method.keyRule());
        Duration maxWait = first(method.maxWait(), properties.http().maxWait());
        if (maxWait != null) {
            rules = rules.maxWait(maxWait);
        }
        JobType type = properties.types().get(method.type());
        Duration threshold = first(type == null ? null : type.threshold(), method.threshold());
        threshold = first(threshold, properties.threshold());
        if (threshold == null) {
            return rules;
        }
        if (maxWait != null && threshold.compareTo(maxWait) > 0) {
            throw method.refused(
                    "threshold " + PropertyText.of(threshold.toString())
                            + " of @Offload is above the longest wait, which is " + PropertyText.of(maxWait.toString()),
                    "raise maxWait, or aside.offload.http.max-wait");
        }
        return rules.threshold(threshold);
    }

    private static @Nullable Duration first(@Nullable Duration one, @Nullable Duration other) {
        return one == null ? other : one;
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
