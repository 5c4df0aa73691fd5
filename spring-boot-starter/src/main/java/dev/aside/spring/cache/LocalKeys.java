package dev.aside.spring.cache;

import dev.aside.cache.Cache;

/** Keys as they are, in a cache of this process. */
record LocalKeys(Cache<Object, Object> cache) implements Keys {

    @Override
    public At<?> find(Object key) {
        return new At<>(cache, key);
    }

    @Override
    public Cache<?, Object> main() {
        return cache;
    }

    @Override
    public void clearRest() {
        // there is none
    }
}
