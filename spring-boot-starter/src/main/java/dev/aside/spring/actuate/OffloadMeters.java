package dev.aside.spring.actuate;

import dev.aside.offload.OffloadEvent;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.OffloadListener;
import dev.aside.offload.OffloadLoad;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of offloaded work, {@code aside.offload.*}, most of them with a tag {@code type}. How much there is to do is
 * read when somebody looks; the rest is taken from the executor's events. Thread-safe. Events that come before a registry
 * is bound are not in its meters.
 */
public final class OffloadMeters implements MeterBinder, OffloadListener {
    private final Supplier<? extends @Nullable OffloadExecutor> offload;
    private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

    /**
     * Meters that listen as soon as the executor takes them up as a listener.
     *
     * @param offload gives the executor, or null if there is none; asked when a registry is bound
     */
    public OffloadMeters(Supplier<? extends @Nullable OffloadExecutor> offload) {
        this.offload = Objects.requireNonNull(offload, "offload");
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        OffloadExecutor executor = offload.get();
        if (executor == null) {
            return;
        }
        gauge(registry, executor, "waiting", OffloadLoad::waiting, "Work that waits for a worker or a permit");
        gauge(registry, executor, "running", OffloadLoad::running, "Tasks on a worker");
        gauge(registry, executor, "unfinished", OffloadLoad::unfinished, "Everything taken in that is not over");
        registries.add(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            OffloadExecutor executor,
            String name,
            ToDoubleFunction<OffloadLoad> figure,
            String description) {
        Gauge.builder("aside.offload." + name, executor, from -> figure.applyAsDouble(from.load()))
                .description(description)
                .register(registry);
    }

    @Override
    public void on(OffloadEvent event) {
        for (MeterRegistry registry : registries) {
            record(registry, event);
        }
    }

    private static void record(MeterRegistry registry, OffloadEvent event) {
        Tags type = Tags.of("type", event.type());
        if (event instanceof OffloadEvent.Answered answered) {
            timer(
                            registry,
                            "answers",
                            type.and("mode", lower(answered.mode())),
                            "How long callers waited for an answer")
                    .record(answered.waited());
        } else if (event instanceof OffloadEvent.Rejected) {
            counter(registry, "rejections", type, "Calls refused before they began, for want of room");
        } else if (event instanceof OffloadEvent.Enqueued) {
            counter(registry, "enqueued", type, "Named jobs stored");
        } else if (event instanceof OffloadEvent.Started started) {
            timer(registry, "queue", type, "How long work waited for a worker").record(started.queued());
        } else if (event instanceof OffloadEvent.AttemptFailed) {
            counter(registry, "attempts.failed", type, "Attempts that ended in an exception");
        } else if (event instanceof OffloadEvent.Ended ended) {
            timer(
                            registry,
                            "jobs",
                            type.and("state", lower(ended.state())),
                            "How long the last attempt ran, by its end")
                    .record(ended.ran());
        } else if (event instanceof OffloadEvent.Detached) {
            counter(registry, "detached", type, "Threads given up: the job is over, the thread still runs");
        }
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Timer timer(MeterRegistry registry, String name, Tags tags, String description) {
        return Timer.builder("aside.offload." + name)
                .tags(tags)
                .description(description)
                .register(registry);
    }

    private static void counter(MeterRegistry registry, String name, Tags tags, String description) {
        Counter.builder("aside.offload." + name)
                .tags(tags)
                .description(description)
                .register(registry)
                .increment();
    }
}
