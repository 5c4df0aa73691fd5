package dev.aside.cache.redis;

/**
 * One key of an open cache as Redis knows it.
 *
 * @param entry the name of its entry
 * @param stamp the name of its cache's stamp in the shard
 */
record KeyRef(KeyName name, Shard shard, String entry, String stamp) {}
