package dev.aside.cache.proxy;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Generic types as an interface sees them: the variables of its super-interfaces filled in. */
final class Types {
    private final Map<TypeVariable<?>, Type> variables = new HashMap<>();

    Types(Class<?> context) {
        collect(context);
    }

    private void collect(Class<?> type) {
        for (Type parent : type.getGenericInterfaces()) {
            collectParent(parent);
        }
        if (type.getGenericSuperclass() != null) {
            collectParent(type.getGenericSuperclass());
        }
    }

    private void collectParent(Type parent) {
        if (parent instanceof ParameterizedType generic) {
            TypeVariable<?>[] names = raw(generic).getTypeParameters();
            for (int i = 0; i < names.length; i++) {
                variables.put(names[i], generic.getActualTypeArguments()[i]);
            }
        }
        collect(raw(parent));
    }

    /** The type with its variables replaced, primitives boxed and wildcards narrowed to their bound. */
    Type resolve(Type type) {
        if (type instanceof Class<?> plain) {
            return MethodType.methodType(plain).wrap().returnType();
        }
        if (type instanceof TypeVariable<?> variable) {
            Type actual = variables.get(variable);
            return actual == null ? variable : resolve(actual);
        }
        if (type instanceof WildcardType wildcard) {
            return resolve(wildcard.getUpperBounds()[0]);
        }
        if (type instanceof ParameterizedType generic) {
            List<Type> arguments = Arrays.stream(generic.getActualTypeArguments())
                    .map(this::resolve)
                    .toList();
            return new Generic(raw(generic), arguments);
        }
        return type;
    }

    /** Whether the method is what calls of the general one end at: the same, once variables are filled in. */
    boolean overrides(Method method, Method general) {
        if (!method.getName().equals(general.getName())
                || method.getParameterCount() != general.getParameterCount()
                || !general.getDeclaringClass().isAssignableFrom(method.getDeclaringClass())
                || (general.getDeclaringClass() == method.getDeclaringClass() && !general.isBridge())) {
            return false;
        }
        if (general.isBridge()) {
            return bridgesTo(general, method) && onlyOne(general);
        }
        Type[] open = general.getGenericParameterTypes();
        Class<?>[] actual = method.getParameterTypes();
        for (int i = 0; i < actual.length; i++) {
            if (bound(open[i]) != MethodType.methodType(actual[i]).wrap().returnType()) {
                return false;
            }
        }
        return true;
    }

    /** A bridge has erased types, which are never narrower. */
    private static boolean bridgesTo(Method bridge, Method method) {
        Class<?>[] erased = bridge.getParameterTypes();
        Class<?>[] actual = method.getParameterTypes();
        for (int i = 0; i < actual.length; i++) {
            if (!erased[i].isAssignableFrom(actual[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is but one method that the bridge can lead to; of overloaded ones nobody knows which. */
    private static boolean onlyOne(Method bridge) {
        return Arrays.stream(bridge.getDeclaringClass().getDeclaredMethods())
                        .filter(method -> !method.isBridge()
                                && method.getName().equals(bridge.getName())
                                && method.getParameterCount() == bridge.getParameterCount()
                                && bridgesTo(bridge, method))
                        .count()
                == 1;
    }

    /** The class of a type; a variable of a method's is what it is bound by. */
    private Class<?> bound(Type type) {
        Type resolved = resolve(type);
        return resolved instanceof TypeVariable<?> variable ? bound(variable.getBounds()[0]) : raw(resolved);
    }

    /** All interfaces of a type, its own first. */
    static Set<Class<?>> interfaces(Class<?> type) {
        Set<Class<?>> all = new LinkedHashSet<>();
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            for (Class<?> parent : owner.getInterfaces()) {
                all.add(parent);
                all.addAll(interfaces(parent));
            }
        }
        return all;
    }

    /** Whether nothing of the type is left open. */
    static boolean known(Type type) {
        return type instanceof Class<?>
                || (type instanceof ParameterizedType generic
                        && Arrays.stream(generic.getActualTypeArguments()).allMatch(Types::known));
    }

    static Class<?> raw(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType generic) {
            return (Class<?>) generic.getRawType();
        }
        if (type instanceof TypeVariable<?> variable) {
            return raw(variable.getBounds()[0]);
        }
        return Object.class;
    }

    /** The argument of a generic type, such as the element of a list; Object if it gives none. */
    static Type argument(Type type, int index) {
        return type instanceof ParameterizedType generic ? generic.getActualTypeArguments()[index] : Object.class;
    }

    /** A generic type that is equal to the JDK's own of the same parts. */
    private record Generic(Class<?> raw, List<Type> arguments) implements ParameterizedType {
        @Override
        public Type[] getActualTypeArguments() {
            return arguments.toArray(Type[]::new);
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return raw.getDeclaringClass();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ParameterizedType that
                    && raw.equals(that.getRawType())
                    && arguments.equals(Arrays.asList(that.getActualTypeArguments()));
        }

        @Override
        public int hashCode() {
            return arguments.hashCode() ^ raw.hashCode();
        }

        @Override
        public String getTypeName() {
            return toString();
        }

        @Override
        public String toString() {
            String inner =
                    String.join(", ", arguments.stream().map(Type::getTypeName).toList());
            return raw.getName() + "<" + inner + ">";
        }
    }
}
