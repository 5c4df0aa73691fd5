package dev.aside.offload;

/**
 * What an executor has to do at one moment.
 *
 * @param waiting work that waits for a worker or a permit
 * @param running tasks on a worker, those included that were given up and still hold their thread
 * @param unfinished everything that was taken in and is not over: also asynchronous work without a thread and work
 *     between two attempts
 */
public record OffloadLoad(int waiting, int running, int unfinished) {}
