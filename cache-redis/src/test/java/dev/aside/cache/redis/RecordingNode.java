package dev.aside.cache.redis;

import dev.aside.cache.spi.NodeCache;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what a tier told it. */
final class RecordingNode implements NodeCache {
    final List<Object> invalidated = new CopyOnWriteArrayList<>();
    final List<String> tags = new CopyOnWriteArrayList<>();
    final AtomicInteger cleared = new AtomicInteger();

    @Override
    public void invalidated(Object key) {
        invalidated.add(key);
    }

    @Override
    public void cleared() {
        cleared.incrementAndGet();
    }

    @Override
    public void tagInvalidated(String tag) {
        tags.add(tag);
    }
}
