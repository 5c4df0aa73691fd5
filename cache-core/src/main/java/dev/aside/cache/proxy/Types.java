package dev.aside.cache.proxy;

import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
