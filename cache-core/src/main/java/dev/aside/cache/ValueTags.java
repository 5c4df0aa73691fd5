package dev.aside.cache;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tags of a value, by its key and itself; null is an absent one. May run user code. */
@FunctionalInterface
interface ValueTags {
    ValueTags NONE = (key, value) -> List.of();

    List<String> of(Object key, @Nullable Object value);

    /** Those a method gives, and those of the policy. */
    static List<String> all(TtlPolicy policy, List<String> own, @Nullable Object value) {
        Function<Object, Collection<String>> function = policy.tagsFrom();
        if (function == null || value == null) {
            return own;
        }
        Set<String> tags = new LinkedHashSet<>(own);
        for (String tag : Objects.requireNonNull(function.apply(value), "tagsFrom returned null")) {
            tags.add(Names.checkTag(tag));
        }
        return List.copyOf(tags);
    }
}
