package dev.aside.offload.redis.crash;

/** Takes down what happens on a node, a line each: kind, job, epoch, detail. Thread-safe. */
@FunctionalInterface
interface Recorder {
    /** What stands for a job where there is none. */
    String NOBODY = "-";

    void line(String line);

    default void event(String kind, String jobId, long epoch, Object detail) {
        line(kind + ' ' + jobId + ' ' + epoch + ' ' + detail);
    }
}
