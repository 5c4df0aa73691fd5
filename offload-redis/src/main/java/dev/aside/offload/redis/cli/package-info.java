/** The command line of operators. */
@org.jspecify.annotations.NullMarked
package dev.aside.offload.redis.cli;
