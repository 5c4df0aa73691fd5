/** What tests of programs that offload work need; published beside the library. */
@NullMarked
package dev.aside.offload.testing;

import org.jspecify.annotations.NullMarked;
