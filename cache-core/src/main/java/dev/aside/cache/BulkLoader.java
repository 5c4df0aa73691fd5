package dev.aside.cache;

import dev.aside.cache.proxy.Conditions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The user's method as the pipeline sees it: many keys in, a stage of their values out. */
@FunctionalInterface
interface BulkLoader {

    /**
     * Loads keys; a key left out of the map, or mapped to null, has no value. Runs user code, on the calling thread.
     *
     * @throws Throwable what the user's method throws
     */
    CompletionStage<? extends Map<?, ?>> load(List<Object> keys) throws Throwable;

    /** Whether a loaded value may be kept; null is an absent one. May run user code. */
    default boolean keeps(@Nullable Object value) {
        return true;
    }

    /** The tags a loaded value is kept under; null is an absent one. May run user code. */
    default List<String> tags(Object key, @Nullable Object value) {
        return List.of();
    }

    /** The same loader, whose values are kept only where the conditions say so, and under the call's tags. */
    static BulkLoader keeping(BulkLoader loader, Conditions conditions, ValueTags tags) {
        if (!conditions.dropsSome() && tags == ValueTags.NONE) {
            return loader;
        }
        return new BulkLoader() {
            @Override
            public CompletionStage<? extends Map<?, ?>> load(List<Object> keys) throws Throwable {
                return loader.load(keys);
            }

            @Override
            public boolean keeps(@Nullable Object value) {
                return conditions.keeps(value);
            }

            @Override
            public List<String> tags(Object key, @Nullable Object value) {
                return tags.of(key, value);
            }
        };
    }
}
