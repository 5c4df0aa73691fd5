package dev.aside.cache.redis;

import dev.aside.cache.spi.CacheSpec;
import dev.aside.cache.spi.CompositeKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the keys of one cache back from their texts, by the types the cache declares. Immutable. */
final class KeyCodec {
    private final List<KeyPart> parts;
    private final boolean composite;

    /** @throws IllegalArgumentException if keys of a declared type cannot be written or read back */
    KeyCodec(CacheSpec spec) {
        this.composite = spec.compositeKey();
        this.parts = spec.keyParts().stream().map(KeyPart::of).toList();
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

    /** Whether the text of a key leads back to the same key: if not, nobody could be told that it was invalidated. */
    boolean restores(Object key, KeyName name) {
        String logKey = name.logKey();
        return key.equals(decode(name.longText() != null ? name.longText() : logKey.substring(1)));
    }

    private @Nullable Object part(int index, @Nullable String text) {
        return text == null ? null : parts.get(index).parse(text);
    }
}
