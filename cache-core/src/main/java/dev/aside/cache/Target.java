package dev.aside.cache;

import dev.aside.cache.spi.CacheConfigurationException;
import dev.aside.cache.spi.MethodBody;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A method of the object behind a proxy, called without reflection. Immutable. */
final class Target implements MethodBody {
    private final MethodHandle handle;

    private Target(MethodHandle handle) {
        this.handle = handle;
    }

    static Target of(Method method, Object target) {
        method.trySetAccessible();
        try {
            MethodHandle handle = MethodHandles.lookup().unreflect(method).bindTo(target);
            return new Target(handle.asFixedArity()
                    .asSpreader(Object[].class, method.getParameterCount())
                    .asType(MethodType.methodType(Object.class, Object[].class)));
        } catch (IllegalAccessException e) {
            throw new CacheConfigurationException(
                    method.getDeclaringClass().getName() + "." + method.getName() + " is not accessible"
                            + " [hint: make the interface public, or open its package to dev.aside.cache]",
                    e);
        }
    }

    @Override
    public @Nullable Object call(@Nullable Object[] arguments) throws Throwable {
        return (Object) handle.invokeExact(arguments);
    }
}
