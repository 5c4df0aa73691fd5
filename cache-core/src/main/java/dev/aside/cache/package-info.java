@NullMarked
package dev.aside.cache;

import org.jspecify.annotations.NullMarked;
