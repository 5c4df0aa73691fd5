package dev.aside.spring.offload.web;

import java.lang.reflect.Proxy;

/** Stands for the request or response of a client that may have been answered already. */
final class Gone {
    private Gone() {}

    /** An object of the interface that refuses everything but to be compared and printed. */
    static <T> T of(Class<T> type, String what) {
        Object gone =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "toString" -> {
                            return "the " + what + " of offloaded work";
                        }
                        case "hashCode" -> {
                            return System.identityHashCode(proxy);
                        }
                        case "equals" -> {
                            return arguments != null && proxy == arguments[0];
                        }
                        default ->
                            throw new IllegalStateException(
                                    "offloaded work asked its " + what + " for " + method.getName()
                                            + ", but the client may have been answered by now. Hint: take what you need as a parameter"
                                            + " of the handler method.");
                    }
                });
        return type.cast(gone);
    }
}
