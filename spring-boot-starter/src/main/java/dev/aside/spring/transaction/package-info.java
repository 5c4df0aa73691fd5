/** The caches and Spring's transactions. */
@NullMarked
package dev.aside.spring.transaction;

import org.jspecify.annotations.NullMarked;
