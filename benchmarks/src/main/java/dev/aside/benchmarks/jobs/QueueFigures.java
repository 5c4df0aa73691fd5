package dev.aside.benchmarks.jobs;

import org.HdrHistogram.Histogram;

/**
 * One measurement of one queue.
 *
 * @param accepted jobs a second
 * @param drained jobs a second, from the start of the worker to the last job
 * @param acceptCpu processor time of Redis, us a job; 0 where there is none
 * @param drainCpu the same for the drain
 * @param idle enqueue to start with nothing else to do, in us
 */
record QueueFigures(double accepted, double drained, double acceptCpu, double drainCpu, Histogram idle) {}
