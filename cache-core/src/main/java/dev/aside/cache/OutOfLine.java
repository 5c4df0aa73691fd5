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
 * through a handle that is no constant: so no static ones, no record, and fields that are not final. Whether it helps, the
 * bytes of {@code HitBenchmark.annotated} tell.
 *
 * <p>Thread-safe if published safely: nothing changes once it is made.
 */
@SuppressWarnings("FieldMayBeFinal")
final class OutOfLine {
    private MethodHandle quickRead;
    private MethodHandle makeKey;
    private MethodHandle loadOne;

    OutOfLine() {
        Lookup lookup = MethodHandles.lookup();
        try {
            quickRead = lookup.findVirtual(CacheReads.class, "quick", MethodType.methodType(Entry.class, Object.class));
            makeKey = lookup.findVirtual(
                    ReadInvocation.class, "key", MethodType.methodType(Object.class, Object[].class));
            loadOne = lookup.findVirtual(
                    ReadInvocation.class,
                    "load",
                    MethodType.methodType(Object.class, Object.class, Object[].class, MethodBody.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    @Nullable Entry quick(CacheReads reads, Object key) throws Throwable {
        return (Entry) quickRead.invokeExact(reads, key);
    }

    @Nullable Object key(ReadInvocation read, @Nullable Object[] arguments) throws Throwable {
        return (Object) makeKey.invokeExact(read, arguments);
    }

    @Nullable Object load(ReadInvocation read, @Nullable Object key, @Nullable Object[] arguments, MethodBody body)
            throws Throwable {
        return (Object) loadOne.invokeExact(read, key, arguments, body);
    }
}
