@NullMarked
package dev.aside.cache.redis;

import org.jspecify.annotations.NullMarked;
