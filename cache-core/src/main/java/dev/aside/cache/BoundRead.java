package dev.aside.cache;

import dev.aside.cache.spi.MethodBody;
import org.jspecify.annotations.Nullable;

/** A reading method of a proxy. */
record BoundRead(ReadInvocation read, MethodBody body) implements Invocation {

    @Override
    public @Nullable Object invoke(@Nullable Object[] arguments) throws Throwable {
        return read.invoke(arguments, body);
    }
}
