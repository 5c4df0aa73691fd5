package dev.aside.offload;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Virtual threads, looked up once, since Java 17 has none. */
final class VirtualThreads {
    /** {@code (String name, Runnable task) -> Thread}, or null before Java 21. */
    private static final @Nullable MethodHandle UNSTARTED = find();

    private VirtualThreads() {}

    static boolean areAvailable() {
        return UNSTARTED != null;
    }

    static Thread unstarted(String name, Runnable task) {
        if (UNSTARTED == null) {
            throw new IllegalStateException("this JVM has no virtual threads. Hint: they came with Java 21.");
        }
        try {
            return (Thread) UNSTARTED.invokeExact(name, task);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a virtual thread could not be made", e);
        }
    }

    private static @Nullable MethodHandle find() {
        try { // Thread.ofVirtual().name(name).unstarted(task)
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle builder = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual));
            MethodHandle named = lookup.findVirtual(ofVirtual, "name", MethodType.methodType(ofVirtual, String.class));
            MethodHandle unstarted =
                    lookup.findVirtual(ofVirtual, "unstarted", MethodType.methodType(Thread.class, Runnable.class));
            MethodHandle nameToBuilder = MethodHandles.foldArguments(named, builder);
            return MethodHandles.filterArguments(unstarted, 0, nameToBuilder);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
