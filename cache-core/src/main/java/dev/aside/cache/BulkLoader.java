package dev.aside.cache;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The user's method as the pipeline sees it: many keys in, a stage of their values out. */
@FunctionalInterface
interface BulkLoader {

    /**
     * Loads keys; a key left out of the map, or mapped to null, has no value. Runs user code, on the calling thread.
     *
     * @throws Throwable what the user's method throws
     */
    CompletionStage<? extends Map<?, ?>> load(List<Object> keys) throws Throwable;
}
