package dev.aside.offload;

/**
 * How long one caller waits, and what then.
 *
 * @param thresholdNanos from the arrival of the call
 * @param mayContinue whether the work may go on as a job
 */
record Wait(long thresholdNanos, boolean mayContinue) {
    static Wait of(TypeLane lane, CallOptions options) {
        OnWaitTimeout then = options.onWaitTimeout == null ? lane.options.onWaitTimeout() : options.onWaitTimeout;
        boolean mayContinue = then == OnWaitTimeout.CONTINUE;
        long threshold = options.threshold == null ? lane.thresholdNanos : options.threshold.toNanos();
        boolean inVain = lane.forecast != null
                && mayContinue
                && threshold == lane.thresholdNanos // who asks for a wait of its own gets it
                && lane.forecast.answersAtOnce();
        return new Wait(inVain ? 0 : threshold, mayContinue);
    }

    /** How a promotion at its end is called. */
    OffloadEvent.Mode mode() {
        return thresholdNanos == 0 ? OffloadEvent.Mode.DIRECT : OffloadEvent.Mode.PROMOTED;
    }
}
