package dev.aside.spring.redis;

import dev.aside.cache.redis.ValueCodec;
import java.lang.reflect.Type;
import java.util.Collection;

/**
 * A codec for caches that declare their values as plain objects, as Spring's do: each value says its class, and is written
 * by another codec as that class. Lists, sets and maps are written element by element and come back as {@code ArrayList},
 * {@code LinkedHashSet} and {@code LinkedHashMap}. All other caches are that codec's.
 *
 * <p>Only classes known to this process are restored, see {@link KnownTypes}; a value of another is a miss. So is one whose
 * class has changed its properties since.
 *
 * <p>Immutable and thread-safe but for the classes it gets to know.
 */
public final class SelfDescribingCodec implements ValueCodec {
    private final ValueCodec inner;
    private final KnownTypes types;

    /**
     * @param inner writes everything that has a type
     * @param known classes that may be restored before this process has written one
     */
    public SelfDescribingCodec(ValueCodec inner, Collection<Class<?>> known) {
        this.inner = inner;
        this.types = new KnownTypes(known);
    }

    @Override
    public int id() {
        return inner.id();
    }

    @Override
    public Typed bind(Type type) {
        return type == Object.class ? new AnyValue(new ClassCodecs(inner), types) : inner.bind(type);
    }
}
