/** What a cache costs: hits of this library, of raw Caffeine and of its peers in one run. */
@NullMarked
package dev.aside.benchmarks.cache;

import org.jspecify.annotations.NullMarked;
