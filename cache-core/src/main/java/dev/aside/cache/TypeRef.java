package dev.aside.cache;

import dev.aside.cache.spi.CacheConfigurationException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/**
 * Carries a generic type to run time: {@code new TypeRef<List<Country>>() {}}. Immutable.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T> {
    private final Type type;

    /** To be called from an anonymous subclass that names the type. */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType generic)) {
            throw new CacheConfigurationException(
                    "a TypeRef was made without its type [hint: new TypeRef<List<Country>>() {}]");
        }
        this.type = generic.getActualTypeArguments()[0];
    }

    /** The type it was made with. */
    public final Type type() {
        return type;
    }
}
