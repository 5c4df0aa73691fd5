/** What the shared level costs beside raw Redis commands, and beside the caches people use today. */
@NullMarked
package dev.aside.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
