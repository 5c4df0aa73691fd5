package dev.aside.cache;

import java.util.Collection;
import java.util.List;

/** What an invalidation is about. Immutable. */
sealed interface Scope {

    /** The cache's name. */
    String cache();

    /** Whether there is nothing to do. */
    default boolean isEmpty() {
        return false;
    }

    /** As errors name it. */
    String text();

    /** Some keys. */
    record Keys(String cache, List<Object> keys) implements Scope {
        @Override
        public boolean isEmpty() {
            return keys.isEmpty();
        }

        @Override
        public String text() {
            return keys.size() + " key(s)";
        }
    }

    /** Every key. */
    record All(String cache) implements Scope {
        @Override
        public String text() {
            return "all entries";
        }
    }

    /** What carries one of the tags. */
    record Tags(String cache, List<String> tags) implements Scope {
        @Override
        public boolean isEmpty() {
            return tags.isEmpty();
        }

        @Override
        public String text() {
            return "what carries one of " + tags.size() + " tag(s)";
        }
    }

    static Keys keys(String cache, Collection<?> keys) {
        return new Keys(cache, List.copyOf(keys));
    }

    static Tags tags(String cache, Collection<String> tags) {
        return new Tags(cache, List.copyOf(tags));
    }
}
