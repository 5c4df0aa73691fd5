/** How JMH benchmarks are run and compared here. */
@NullMarked
package dev.aside.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
