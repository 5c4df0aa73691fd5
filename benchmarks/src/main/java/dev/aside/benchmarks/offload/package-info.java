/** What a call through the offload executor costs, beside its peers. */
@NullMarked
package dev.aside.benchmarks.offload;

import org.jspecify.annotations.NullMarked;
