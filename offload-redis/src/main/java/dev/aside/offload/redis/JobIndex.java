package dev.aside.offload.redis;

/** Where a job stands among the others in {@link RedisJobStore}. */
public enum JobIndex {
    /** Ready to start: QUEUED. */
    WAITING("rdy"),
    /** Waits for its time: SCHEDULED. */
    DELAYED("dly"),
    /** In the hands of a process: RUNNING, and closures in any state that is not final. */
    RUNNING("run"),
    /** A named job that FAILED; it can be run again. */
    DEAD("dead"),
    /** Over in any other way. */
    FINISHED("fin");

    private final String key;

    JobIndex(String key) {
        this.key = key;
    }

    /** The name of the index of a type; {@link #FINISHED} has one for all types. */
    String of(String type) {
        return this == FINISHED ? key : key + ':' + type;
    }
}
