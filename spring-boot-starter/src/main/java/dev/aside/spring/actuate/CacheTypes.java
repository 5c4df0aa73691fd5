package dev.aside.spring.actuate;

import dev.aside.cache.Cache;
import dev.aside.cache.Caches;

/**
 * The names of the types of a cache's keys and values, taken from the text of {@link Caches#describe()}: that is where
 * the caches tell them. Immutable.
 *
 * @param keys the type of the keys, or the types of their parts, separated by commas
 * @param values the type of the values
 */
record CacheTypes(String keys, String values) {
    private static final String ARROW = " -> ";
    private static final CacheTypes UNKNOWN = new CacheTypes("?", "?");

    /** The types of one cache, from the text that describes all. */
    static CacheTypes of(Cache<?, ?> cache, String description) {
        String start = cache.name() + ": ";
        for (String line : description.lines().toList()) {
            if (line.startsWith(start)) {
                return parse(
                        line.substring(start.length()), ", " + cache.policy().name() + "{");
            }
        }
        return UNKNOWN;
    }

    private static CacheTypes parse(String line, String policy) {
        int arrow = line.indexOf(ARROW);
        int end = line.indexOf(policy, Math.max(0, arrow));
        return arrow < 0 || end < 0
                ? UNKNOWN
                : new CacheTypes(line.substring(0, arrow), line.substring(arrow + ARROW.length(), end));
    }
}
