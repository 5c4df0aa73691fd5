package dev.aside.cache;

import java.lang.reflect.Method;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind each method of a proxy. A proxy passes the same {@code Method} object on every call, but not the one
 * that reflection gave us: the first call finds it by {@code equals} and remembers it by identity, which costs a third.
 *
 * <p>Thread-safe: the table by identity is replaced as a whole, and never grows beyond twice the methods there are.
 */
final class MethodTable<T> {
    private final Map<Method, T> byEquality;
    private volatile Slots<T> byIdentity = new Slots<>(8);
    private int learned;

    MethodTable(Map<Method, T> invocations) {
        this.byEquality = Map.copyOf(invocations);
    }

    /** Open addressing, at most half full. Not changed once published. */
    private static final class Slots<T> {
        final @Nullable Method[] methods;
        final @Nullable Object[] invocations;

        Slots(int size) {
            this.methods = new Method[size];
            this.invocations = new Object[size];
        }

        @SuppressWarnings({"ReferenceEquality", "unchecked"}) // the first is the point of it, and only add() writes
        @Nullable T find(Method method) {
            int mask = methods.length - 1;
            for (int i = System.identityHashCode(method) & mask; ; i = (i + 1) & mask) {
                Method there = methods[i];
                if (there == method) {
                    return (T) invocations[i];
                }
                if (there == null) {
                    return null;
                }
            }
        }

        void add(Method method, T invocation) {
            int mask = methods.length - 1;
            int i = System.identityHashCode(method) & mask;
            while (methods[i] != null) {
                i = (i + 1) & mask;
            }
            methods[i] = method;
            invocations[i] = invocation;
        }
    }

    /** What stands behind the method; null if it is one of {@code Object}'s. */
    @Nullable T find(Method method) {
        T found = byIdentity.find(method);
        return found == null ? learn(method) : found;
    }

    private @Nullable T learn(Method method) {
        T invocation = byEquality.get(method);
        if (invocation != null) {
            remember(method, invocation);
        }
        return invocation;
    }

    private synchronized void remember(Method method, T invocation) {
        Slots<T> old = byIdentity;
        if (old.find(method) != null || learned >= 2 * byEquality.size()) {
            return;
        }
        learned++;
        Slots<T> next = new Slots<>(2 * learned > old.methods.length ? 2 * old.methods.length : old.methods.length);
        for (int i = 0; i < old.methods.length; i++) {
            Method known = old.methods[i];
            T there = known == null ? null : old.find(known);
            if (known != null && there != null) {
                next.add(known, there);
            }
        }
        next.add(method, invocation);
        byIdentity = next;
    }
}
