package dev.aside.cache.spi;

/**
 * The right to store one key's next value, handed out by a lookup and void as soon as the key is invalidated
 * (the leases of Nishtala et al., <i>Scaling Memcache at Facebook</i>, NSDI 2013). Opaque to the engine, which gives it
 * back in exactly one {@link RemoteCache#fill} or {@link RemoteCache#release}.
 */
public interface Lease {}
