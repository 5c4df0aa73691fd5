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
final class MethodTable {
    private final Map<Method, Invocation> byEquality;
    private volatile Slots byIdentity = new Slots(8);
    private int learned;

    MethodTable(Map<Method, Invocation> invocations) {
        this.byEquality = Map.copyOf(invocations);
    }

    /** Open addressing, at most half full. Not changed once published. */
    private static final class Slots {
        final @Nullable Method[] methods;
        final @Nullable Invocation[] invocations;

        Slots(int size) {
            this.methods = new Method[size];
            this.invocations = new Invocation[size];
        }

        @SuppressWarnings("ReferenceEquality") // that is the point of it
        @Nullable Invocation find(Method method) {
            int mask = methods.length - 1;
            for (int i = System.identityHashCode(method) & mask; ; i = (i + 1) & mask) {
                Method there = methods[i];
                if (there == method) {
                    return invocations[i];
                }
                if (there == null) {
                    return null;
                }
            }
        }

        void add(Method method, Invocation invocation) {
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
    @Nullable Invocation find(Method method) {
        Invocation found = byIdentity.find(method);
        return found == null ? learn(method) : found;
    }

    private @Nullable Invocation learn(Method method) {
        Invocation invocation = byEquality.get(method);
        if (invocation != null) {
            remember(method, invocation);
        }
        return invocation;
    }

    private synchronized void remember(Method method, Invocation invocation) {
        Slots old = byIdentity;
        if (old.find(method) != null || learned >= 2 * byEquality.size()) {
            return;
        }
        learned++;
        Slots next = new Slots(2 * learned > old.methods.length ? 2 * old.methods.length : old.methods.length);
        for (int i = 0; i < old.methods.length; i++) {
            Method known = old.methods[i];
            Invocation there = old.invocations[i];
            if (known != null && there != null) {
                next.add(known, there);
            }
        }
        next.add(method, invocation);
        byIdentity = next;
    }
}
