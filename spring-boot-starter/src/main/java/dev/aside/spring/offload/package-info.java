/**
 * Offloaded bean methods, job handlers, and the context that goes along with work. What speaks HTTP is in
 * {@code dev.aside.spring.offload.web}. Each optional library is needed only by the class named after it.
 */
@NullMarked
package dev.aside.spring.offload;

import org.jspecify.annotations.NullMarked;
