package dev.aside.cache.spi;

/**
 * The announcement of one key's write, handed out by {@link RemoteTier#announce}. While it stands, nobody's loaded value
 * of the key is kept; it ends by itself after the tier's guard time, so a writer that dies leaves no trace. Opaque to the
 * engine, which gives it back in exactly one {@link RemoteCache#put} or {@link RemoteTier#end}.
 */
public interface Intent {}
