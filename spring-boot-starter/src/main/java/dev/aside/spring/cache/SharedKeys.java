package dev.aside.spring.cache;

import dev.aside.cache.Cache;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.util.function.SingletonSupplier;

/** Keys as text in a cache that nodes share; those that no other node can mean stay in a cache of this process. */
final class SharedKeys implements Keys {
    private final Cache<String, Object> shared;
    private final SingletonSupplier<Cache<Object, Object>> own;
    private volatile @Nullable Cache<Object, Object> used;

    SharedKeys(Cache<String, Object> shared, Supplier<Cache<Object, Object>> own) {
        this.shared = shared;
        this.own = SingletonSupplier.of(own);
    }

    @Override
    public At<?> find(Object key) {
        String text = SpringKeys.text(key);
        if (text != null) {
            return new At<>(shared, text);
        }
        Cache<Object, Object> here = own.obtain();
        used = here;
        return new At<>(here, key);
    }

    @Override
    public Cache<?, Object> main() {
        return shared;
    }

    @Override
    public void clearRest() {
        Cache<Object, Object> here = used;
        if (here != null) {
            here.invalidateAll();
        }
    }
}
