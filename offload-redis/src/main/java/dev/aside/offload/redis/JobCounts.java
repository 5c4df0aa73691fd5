package dev.aside.offload.redis;

/**
 * How many jobs of a type there are, and what holds them up. Immutable.
 *
 * @param type its name
 * @param jobs how many there are
 * @param paused whether no process starts any
 * @param cap how many named ones may run at once in the whole cluster; 0: any number
 */
public record JobCounts(String type, Numbers jobs, boolean paused, int cap) {
    /**
     * Numbers of jobs, 0 or more; each job is in one of them.
     *
     * @param waiting ready to start
     * @param delayed waiting for their time
     * @param running in the hands of a process
     * @param dead failed, to be run again or purged
     * @param finished over in any other way, as far as they are still listed
     */
    public record Numbers(long waiting, long delayed, long running, long dead, long finished) {
        Numbers plus(Numbers other) {
            return new Numbers(
                    waiting + other.waiting,
                    delayed + other.delayed,
                    running + other.running,
                    dead + other.dead,
                    finished + other.finished);
        }
    }

    /** The same type in another shard, added. */
    JobCounts plus(JobCounts other) {
        return new JobCounts(type, jobs.plus(other.jobs), paused || other.paused, cap + other.cap);
    }
}
