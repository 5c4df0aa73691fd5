package dev.aside.spring.actuate;

import dev.aside.cache.CacheEvent;
import dev.aside.cache.CacheListener;
import dev.aside.cache.Caches;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of all caches, {@code aside.cache.*} with a tag {@code cache}. What the caches count themselves is read when
 * somebody looks; what they only tell is taken from their events. Reads are not listened to, so a hit costs nothing more.
 *
 * <p>The meters of a cache that is defined later appear with its first event, or when {@code aside.caches} is read, which
 * is once per scrape.
 *
 * <p>Thread-safe. Events that come before a registry is bound are not in its meters.
 */
public final class CacheMeters implements MeterBinder, CacheListener {
    private final Supplier<? extends @Nullable Caches> caches;
    private final List<RegistryMeters> registries = new CopyOnWriteArrayList<>();

    /**
     * Meters that listen as soon as they are given to {@link Caches.Builder#listener}.
     *
     * @param caches gives the caches, or null if there are none; asked when a registry is bound
     */
    public CacheMeters(Supplier<? extends @Nullable Caches> caches) {
        this.caches = Objects.requireNonNull(caches, "caches");
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Caches present = caches.get();
        if (present == null) {
            return;
        }
        RegistryMeters meters = new RegistryMeters(registry, present);
        registries.add(meters);
        meters.start();
    }

    @Override
    public void onEvent(CacheEvent event) {
        for (RegistryMeters meters : registries) {
            meters.record(event);
        }
    }
}
