package dev.aside.offload;

/** Refuses waits that would stall the executor. */
final class Guards {
    private Guards() {}

    /**
     * @throws IllegalStateException if the calling thread runs work of the same executor
     */
    static void mayWait(String what, Engine engine) {
        Execution<?> current = Execution.current();
        if (current != null && current.engine == engine) {
            throw new IllegalStateException(what + " was asked for inside work of job type '" + current.lane.type
                    + "' of the same executor: it would hold a worker to wait for a worker."
                    + " Hint: do it directly, the caller of this work does not wait for it any longer than its"
                    + " threshold.");
        }
    }
}
