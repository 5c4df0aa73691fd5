/** The annotations users write, and nothing else. */
@NullMarked
package dev.aside.cache.annotation;

import org.jspecify.annotations.NullMarked;
