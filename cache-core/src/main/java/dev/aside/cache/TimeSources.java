package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.function.DoubleSupplier;

/**
 * Where time and chance come from. Immutable.
 *
 * @param ticker elapsed time, exact
 * @param clock the same time, cheap to read but up to some milliseconds late: only for whether a held entry
 *     is old, and of which reads the eviction hears
 * @param random 0 to 1, for jitter
 */
record TimeSources(Ticker ticker, Ticker clock, DoubleSupplier random) {}
