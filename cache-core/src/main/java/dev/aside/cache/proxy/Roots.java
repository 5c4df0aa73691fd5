package dev.aside.cache.proxy;

import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the paths of one annotation may begin with: a parameter, the word {@code key} for the cache key, or the word
 * {@code result} for the value. The words win over parameters of that name. Immutable.
 */
final class Roots {
    private static final String KEY = "key";
    private static final String RESULT = "result";

    private final Where where;
    private final Types types;
    private final boolean parameters;
    private final @Nullable Type keyType;
    private final @Nullable Type resultType;

    private Roots(Where where, Types types, boolean parameters, @Nullable Type keyType, @Nullable Type resultType) {
        this.where = where;
        this.types = types;
        this.parameters = parameters;
        this.keyType = keyType;
        this.resultType = resultType;
    }

    /** Parameters alone. */
    static Roots parameters(Where where, Types types) {
        return new Roots(where, types, true, null, null);
    }

    /** The key and the value, without the parameters: they mean the same for every method of the cache. */
    static Roots keyAndResult(Where where, Types types, Type keyType, Type resultType) {
        return new Roots(where, types, false, keyType, resultType);
    }

    /** The key too; null if there is none of a single part. */
    Roots withKey(@Nullable Type type) {
        return new Roots(where, types, parameters, type, resultType);
    }

    /** The result too; null if there is none. */
    Roots withResult(@Nullable Type type) {
        return new Roots(where, types, parameters, keyType, type);
    }

    /** What paths are read from. */
    static final class Call {
        private final @Nullable Object[] arguments;
        private final @Nullable Object key;
        private final @Nullable Object result;

        Call(@Nullable Object[] arguments, @Nullable Object key, @Nullable Object result) {
            this.arguments = arguments;
            this.key = key;
            this.result = result;
        }
    }

    /**
     * A path with its beginning. Immutable.
     *
     * @param root the position of a parameter, or one of the constants
     */
    record Path(int root, KeyPath path) {
        private static final int FROM_KEY = -1;
        private static final int FROM_RESULT = -2;

        @Nullable Object read(Call call) {
            return switch (root) {
                case FROM_KEY -> path.read(call.key);
                case FROM_RESULT -> path.read(call.result);
                default -> path.read(call.arguments[root]);
            };
        }

        boolean ofResult() {
            return root == FROM_RESULT;
        }
    }

    /**
     * Resolves a path.
     *
     * @param what what the path is for, such as "key path"
     */
    Path resolve(String what, String text) {
        List<String> names = Arrays.asList(text.split("\\.", -1));
        List<String> rest = names.subList(1, names.size());
        String described = what + " '" + text + "'";
        if (keyType != null && names.get(0).equals(KEY)) {
            return new Path(Path.FROM_KEY, KeyPath.resolve(described, rest, keyType, types, where));
        }
        if (resultType != null && names.get(0).equals(RESULT)) {
            return new Path(Path.FROM_RESULT, KeyPath.resolve(described, rest, resultType, types, where));
        }
        Parameter[] all = where.method().getParameters();
        for (int i = 0; i < all.length && parameters; i++) {
            if (all[i].isNamePresent() && all[i].getName().equals(names.get(0))) {
                Type type = all[i].getParameterizedType();
                return new Path(i, KeyPath.resolve(described, rest, type, types, where));
            }
        }
        throw where.wrong(described + " begins with no parameter", hint(all));
    }

    private String hint(Parameter[] all) {
        if (parameters && all.length > 0 && !all[0].isNamePresent()) {
            return "parameter names are not in the class file: compile with -parameters, or use @CacheKey";
        }
        List<String> words = new ArrayList<>();
        if (keyType != null) {
            words.add(KEY);
        }
        if (resultType != null) {
            words.add(RESULT);
        }
        if (!parameters) {
            return "begin with " + String.join(" or ", words);
        }
        List<String> names = Arrays.stream(all).map(Parameter::getName).toList();
        return (names.isEmpty() ? "the method has none" : "the parameters are " + String.join(", ", names))
                + (words.isEmpty() ? "" : "; it may also begin with " + String.join(" or ", words));
    }
}
