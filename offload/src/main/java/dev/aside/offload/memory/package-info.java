/** The job store of one process. */
@NullMarked
package dev.aside.offload.memory;

import org.jspecify.annotations.NullMarked;
