package dev.aside.offload.memory;

import java.util.Collection;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Guesses how many bytes an object holds on the heap. Text, arrays and collections are counted, anything else is taken
 * as {@value #UNKNOWN} bytes; large collections are sampled. Trade-off: cheap and without reflection, so a result with
 * much text inside its own classes is under-estimated; such programs give the store an estimator of their own.
 */
final class SizeEstimator implements ToLongFunction<@Nullable Object> {
    private static final int UNKNOWN = 256;
    private static final int OBJECT = 32;
    private static final int SAMPLE = 64;
    private static final int DEPTH = 4;

    @Override
    public long applyAsLong(@Nullable Object value) {
        return estimate(value, DEPTH);
    }

    private static long estimate(@Nullable Object value, int depth) {
        if (value == null) {
            return 0;
        }
        if (value instanceof CharSequence text) {
            return OBJECT + 2L * text.length();
        }
        if (value instanceof Number || value instanceof Character || value instanceof Boolean) {
            return OBJECT;
        }
        if (value.getClass().isArray()) {
            return array(value, depth);
        }
        if (depth == 0) {
            return UNKNOWN;
        }
        if (value instanceof Map<?, ?> map) {
            return OBJECT + 2L * OBJECT * map.size() + sampled(map.keySet(), depth) + sampled(map.values(), depth);
        }
        if (value instanceof Collection<?> collection) {
            return OBJECT + 8L * collection.size() + sampled(collection, depth);
        }
        return UNKNOWN;
    }

    private static long array(Object array, int depth) {
        if (array instanceof byte[] b) {
            return OBJECT + (long) b.length;
        }
        if (array instanceof Object[] objects) {
            return OBJECT + 8L * objects.length + (depth == 0 ? 0 : sampled(java.util.Arrays.asList(objects), depth));
        }
        int length = java.lang.reflect.Array.getLength(array);
        Class<?> part = array.getClass().getComponentType();
        int width = part == long.class || part == double.class ? 8 : part == int.class || part == float.class ? 4 : 2;
        return OBJECT + (long) width * length;
    }

    private static long sampled(Collection<?> all, int depth) {
        long sum = 0;
        int seen = 0;
        for (Object element : all) {
            sum += estimate(element, depth - 1);
            if (++seen == SAMPLE) {
                break;
            }
        }
        return seen == 0 ? 0 : sum * all.size() / seen;
    }
}
