/**
 * Cache-aside over two levels.
 *
 * <pre>
 *   annotated method -> proxy -> CacheEngine -> LocalLevel (Caffeine)        hit: leaves here
 *                                     |
 *                                  Flight, one per key
 *                                     |
 *                                LoadPipeline -> RemoteTier (lease) -> the user's method -> fill
 * </pre>
 *
 * <p>{@link dev.aside.cache.Caches} is the entry, {@link dev.aside.cache.Cache} the programmatic view,
 * {@link dev.aside.cache.TtlPolicy} says how long values live.
 */
@NullMarked
package dev.aside.cache;

import org.jspecify.annotations.NullMarked;
