/** Queues of jobs side by side, and what waiting for jobs costs. */
@NullMarked
package dev.aside.benchmarks.jobs;

import org.jspecify.annotations.NullMarked;
