/** Annotations for frameworks and for handlers. */
@NullMarked
package dev.aside.offload.annotation;

import org.jspecify.annotations.NullMarked;
