/**
 * The offload executor: a call is answered within its threshold, or becomes a job with an id.
 *
 * <p>Start at {@link dev.aside.offload.OffloadExecutor}.
 */
@NullMarked
package dev.aside.offload;

import org.jspecify.annotations.NullMarked;
