package dev.aside.cache.redis;

import dev.aside.cache.spi.Intent;

/**
 * A write that a script took down among the writers of its key. Immutable; that it counts only once is seen to in Redis,
 * where the token goes with its first use.
 *
 * @param stamp the cache's stamp at the announcement; empty if the cache was not open here, so that nothing can be put
 * @param sequence where the shard's log stood right after the announcement
 */
record RedisIntent(String cache, KeyName key, String token, String stamp, long sequence) implements Intent {
    static RedisIntent own(Intent intent) {
        if (intent instanceof RedisIntent own) {
            return own;
        }
        throw new IllegalArgumentException(
                "not an intent of this tier: " + intent.getClass().getName());
    }

    String logKey() {
        return key.logKey();
    }
}
