/** What Spring's untyped caches need of Redis: values that say themselves what they are. */
@NullMarked
package dev.aside.spring.redis;

import org.jspecify.annotations.NullMarked;
