package dev.aside.cache.redis.torture;

/** A value that says what it is: a key and the version of it that the database held when it was read. */
record Item(String key, long version) {}
