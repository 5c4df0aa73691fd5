/**
 * What a second cache level has to offer, and what the engine promises it in return. Nothing here knows Redis.
 */
@NullMarked
package dev.aside.cache.spi;

import org.jspecify.annotations.NullMarked;
