package dev.aside.cache;

import dev.aside.cache.spi.MethodBody;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * What a reading method calls, kept out of its compiled code. If the compiler put all of it there, the method would grow too
 * big to be put into the proxy's in turn, and then each call would make the proxy's array of arguments. It does not look
 * through a handle that is no constant, which is why these are fields of an object.
 *
 * <p>Immutable.
 */
final class OutOfLine {
    private final MethodHandle quick;
    private final MethodHandle key;
    private final MethodHandle load;

    OutOfLine() {
        Lookup lookup = MethodHandles.lookup();
        try {
            quick = lookup.findVirtual(CacheReads.class, "quick", MethodType.methodType(Entry.class, Object.class));
            key = lookup.findVirtual(ReadInvocation.class, "key", MethodType.methodType(Object.class, Object[].class));
            load = lookup.findVirtual(
                    ReadInvocation.class,
                    "load",
                    MethodType.methodType(Object.class, Object.class, Object[].class, MethodBody.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @Nullable Entry quick(CacheReads reads, Object plainKey) throws Throwable {
        return (Entry) quick.invokeExact(reads, plainKey);
    }

    @Nullable Object key(ReadInvocation read, @Nullable Object[] arguments) throws Throwable {
        return (Object) key.invokeExact(read, arguments);
    }

    @Nullable Object load(ReadInvocation read, @Nullable Object keyOrNull, @Nullable Object[] arguments, MethodBody body)
            throws Throwable {
        return (Object) load.invokeExact(read, keyOrNull, arguments, body);
    }
}
