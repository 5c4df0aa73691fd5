/** What a store, a codec or a time source has to implement. Everything here may be called from any thread. */
@NullMarked
package dev.aside.offload.spi;

import org.jspecify.annotations.NullMarked;
