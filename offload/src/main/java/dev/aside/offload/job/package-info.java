/** The values that describe a job: its identity, state, progress, outcome. No behaviour, no time, no threads. */
@NullMarked
package dev.aside.offload.job;

import org.jspecify.annotations.NullMarked;
