package dev.aside.cache.proxy;

import dev.aside.cache.annotation.CacheKey;
import dev.aside.cache.annotation.KeyGenerator;
import dev.aside.cache.spi.CompositeKey;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a method's arguments make the cache key. One part is the key itself; several, or none, make a
 * {@link CompositeKey}. Immutable.
 */
public final class KeyPlan {

    private record Part(int parameter, KeyPath path) {
        @Nullable Object read(@Nullable Object[] arguments) {
            return path.read(arguments[parameter]);
        }
    }

    private final List<Part> parts;

    /** The parameter that is the key as it stands, or -1; known beforehand because most keys are. */
    private final int plain;

    private final @Nullable Generated generated;

    /** A key made by a class of the user's. */
    private record Generated(KeyGenerator<?> generator, Method method, Type type) {}

    private KeyPlan(Generated generated) {
        this.parts = List.of();
        this.plain = -1;
        this.generated = generated;
    }

    private KeyPlan(List<Part> parts) {
        this.generated = null;
        this.parts = List.copyOf(parts);
        this.plain = parts.size() == 1 && parts.get(0).path.isEmpty() ? parts.get(0).parameter : -1;
    }

    /** Whether parameters of the method are marked as its key. */
    static boolean marked(Method method) {
        return Arrays.stream(method.getParameters()).anyMatch(one -> one.isAnnotationPresent(CacheKey.class));
    }

    /** Reads the paths of an annotation, or else the parameters marked as keys, or else all parameters. */
    static KeyPlan parse(String paths, Types types, Where where) {
        Parameter[] parameters = where.method().getParameters();
        List<Part> parts = new ArrayList<>();
        List<Integer> marked = new ArrayList<>();
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i].isAnnotationPresent(CacheKey.class)) {
                marked.add(i);
            }
        }
        if (!paths.isBlank()) {
            if (!marked.isEmpty()) {
                throw where.wrong(
                        "key '" + paths + "' and @CacheKey on a parameter contradict each other", "drop one of them");
            }
            for (String path : paths.split(",", -1)) {
                Roots.Path found = Roots.parameters(where, types).resolve("key path", path.strip());
                parts.add(new Part(found.root(), found.path()));
            }
            return new KeyPlan(parts);
        }
        for (int i = 0; i < parameters.length; i++) {
            if (marked.isEmpty() || marked.contains(i)) {
                Type type = parameters[i].getParameterizedType();
                parts.add(new Part(i, KeyPath.resolve(parameters[i].getName(), List.of(), type, types, where)));
            }
        }
        return new KeyPlan(parts);
    }

    /** A key that a class makes, or else as {@link #parse(String, Types, Where)}. */
    static KeyPlan parse(String paths, Class<? extends KeyGenerator<?>> generator, Types types, Where where) {
        if (generator == KeyGenerator.None.class) {
            return parse(paths, types, where);
        }
        if (!paths.isBlank()) {
            throw where.wrong(
                    "key '" + paths + "' and keyGenerator " + generator.getSimpleName() + " contradict each other",
                    "drop one of them");
        }
        Type type = new Types(generator).resolve(KeyGenerator.class.getTypeParameters()[0]);
        if (!Types.known(type) || type == Object.class) {
            throw where.wrong(
                    "keyGenerator " + generator.getSimpleName() + " does not say of what type its keys are",
                    "implements KeyGenerator<String>, or whatever they are");
        }
        return new KeyPlan(new Generated(where.make(generator, "keyGenerator"), where.method(), type));
    }

    /** The types of the parts, boxed. */
    public List<Type> types() {
        return generated == null ? parts.stream().map(part -> part.path.type()).toList() : List.of(generated.type);
    }

    /** The position of the one parameter that is the key as it stands; -1 if the key is anything else. */
    public int plainParameter() {
        return plain;
    }

    /** The key of a call; null if its only part is null, which is never cached. */
    public @Nullable Object key(@Nullable Object[] arguments) {
        if (plain >= 0) {
            return arguments[plain];
        }
        if (generated != null) {
            return generated.generator.key(generated.method, Collections.unmodifiableList(Arrays.asList(arguments)));
        }
        if (parts.size() == 1) {
            return parts.get(0).read(arguments);
        }
        @Nullable Object[] values = new Object[parts.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = parts.get(i).read(arguments);
        }
        return CompositeKey.of(values);
    }
}
