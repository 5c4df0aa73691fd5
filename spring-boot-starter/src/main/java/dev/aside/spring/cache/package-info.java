/** Spring's cache abstraction over Aside's caches: unchanged {@code @Cacheable} code, coherent. */
@NullMarked
package dev.aside.spring.cache;

import org.jspecify.annotations.NullMarked;
