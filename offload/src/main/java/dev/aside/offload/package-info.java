@NullMarked
package dev.aside.offload;

import org.jspecify.annotations.NullMarked;
