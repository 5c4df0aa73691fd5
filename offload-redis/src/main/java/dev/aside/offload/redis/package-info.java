/** Redis as the store of jobs: every node knows them, and they survive the node that runs them. */
@org.jspecify.annotations.NullMarked
package dev.aside.offload.redis;
