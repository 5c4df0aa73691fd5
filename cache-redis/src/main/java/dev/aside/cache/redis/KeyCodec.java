package dev.aside.cache.redis;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.CompositeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads the keys of one cache back from their texts, by the types the cache declares. Thread-safe. */
final class KeyCodec {
    private final List<KeyPart> parts;
    private final boolean composite;
    private final List<Set<Class<?>>> proven;

    /** @throws IllegalArgumentException if keys of a declared type cannot be written or read back */
    KeyCodec(CacheSpec spec) {
        this.composite = spec.compositeKey();
        this.parts = spec.keyParts().stream().map(KeyPart::of).toList();
        this.proven = parts.stream()
                .<Set<Class<?>>>map(part -> ConcurrentHashMap.newKeySet())
                .toList();
    }

    /** @throws RuntimeException if the text is none of a key of these types */
    @Nullable Object decode(String text) {
        if (parts.isEmpty()) {
            if (!text.isEmpty()) {
                throw new IllegalArgumentException("this cache has one key only");
            }
            return CompositeKey.NONE;
        }
        List<@Nullable String> texts = KeyText.split(text);
        if (texts.size() != parts.size()) {
            throw new IllegalArgumentException(texts.size() + " parts instead of " + parts.size());
        }
        if (!composite) {
            return part(0, texts.get(0));
        }
        List<@Nullable Object> values = new ArrayList<>(parts.size());
        for (int i = 0; i < texts.size(); i++) {
            values.add(part(i, texts.get(i)));
        }
        return CompositeKey.of(values.toArray());
    }

    /**
     * Whether the text of a key leads back to the same key: if not, nobody could be told that it was invalidated. Tried
     * for the first key of each class, part by part.
     */
    boolean restores(Object key, KeyName name) {
        List<?> values = key instanceof CompositeKey composite ? composite.parts() : List.of(key);
        boolean known = values.size() == parts.size();
        for (int i = 0; known && i < values.size(); i++) {
            Object value = values.get(i);
            known = value == null || proven.get(i).contains(value.getClass());
        }
        if (known) {
            return true;
        }
        String logKey = name.logKey();
        if (!key.equals(decode(name.longText() != null ? name.longText() : logKey.substring(1)))) {
            return false;
        }
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value != null) {
                proven.get(i).add(value.getClass());
            }
        }
        return true;
    }

    private @Nullable Object part(int index, @Nullable String text) {
        return text == null ? null : parts.get(index).parse(text);
    }
}
