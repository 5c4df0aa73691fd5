/**
 * Annotated methods read once into immutable plans. Knows no cache engine: a plan says which parameters make the key,
 * what the method returns and what it invalidates.
 */
@NullMarked
package dev.aside.cache.proxy;

import org.jspecify.annotations.NullMarked;
