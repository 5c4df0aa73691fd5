package dev.aside.cache.proxy;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an annotation says of a cache's life. Immutable; null is "not said".
 *
 * @param policy the policy's name
 * @param ttl how long values are fresh
 * @param localTtl how long a process serves its copy
 * @param nullTtl how long absences are fresh
 * @param tags the texts of the tags of its values; not null
 */
public record Settings(
        @Nullable String policy,
        @Nullable Duration ttl,
        @Nullable Duration localTtl,
        @Nullable Duration nullTtl,
        List<String> tags) {

    /** Their order does not matter. */
    public Settings {
        tags = List.copyOf(new TreeSet<>(tags));
    }

    static @Nullable Duration duration(String text, String attribute, Where where) {
        return text.isEmpty() ? null : DurationText.parse(text, attribute + " of " + where);
    }
}
