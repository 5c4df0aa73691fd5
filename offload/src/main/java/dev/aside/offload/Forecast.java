package dev.aside.offload;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * What the recent past of a type says about its next call: whether waiting for it pays, and when a job of it is likely to
 * be over. Old calls fade: a hundred later ones leave a third of their weight.
 *
 * <p>Thread-safe; the monitor guards all fields, for a few instructions.
 */
final class Forecast {
    static final int FEWEST = 50;
    /** While calls are answered at once, each so manieth waits all the same, to see whether waiting pays again. */
    static final int PROBE = 50;

    private static final double FADING = 0.99;
    private static final double HARDLY_EVER = 0.10;
    private static final double OFTEN_ENOUGH = 0.20;
    private static final double LATEST_QUARTER = 0.75;
    private static final long SHORTEST_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(30);

    private static final long FIRST_BUCKET_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double BUCKET_GROWTH = 1.25;
    /** From 1 ms to 20 minutes. */
    private static final int BUCKETS = 64;

    private static final double LOG_GROWTH = Math.log(BUCKET_GROWTH);

    private final long thresholdNanos;
    /** Weight of the calls by how long they took, each bucket a quarter longer than the one before. */
    private final double[] buckets = new double[BUCKETS];

    private double weight;
    private double inTime;
    private int calls;
    private boolean atOnce;
    private int answeredAtOnce;

    Forecast(long thresholdNanos) {
        this.thresholdNanos = thresholdNanos;
    }

    /** A call took so long, from its arrival to its end. */
    synchronized void ended(long nanos) {
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] *= FADING;
        }
        buckets[bucket(nanos)]++;
        weight = weight * FADING + 1;
        inTime = inTime * FADING + (nanos <= thresholdNanos ? 1 : 0);
        calls = Math.min(FEWEST, calls + 1);
        if (calls == FEWEST) {
            double share = inTime / weight;
            // two limits, so that a type at the edge does not flutter
            atOnce = atOnce ? share <= OFTEN_ENOUGH : share < HARDLY_EVER;
        }
    }

    private static int bucket(long nanos) {
        if (nanos <= FIRST_BUCKET_NANOS) {
            return 0;
        }
        double steps = Math.log((double) nanos / FIRST_BUCKET_NANOS) / LOG_GROWTH;
        return (int) Math.min(BUCKETS - 1, Math.ceil(steps));
    }

    /** Whether the next call should get its job at once, because it is hardly ever done in time. */
    synchronized boolean answersAtOnce() {
        if (!atOnce) {
            return false;
        }
        answeredAtOnce++;
        return answeredAtOnce % PROBE != 0;
    }

    /**
     * When to ask again for a job that arrived so long ago: when three of four are over, 1 s to 30 s from now, give or
     * take a fifth so that those who wait do not all come at once. Zero until there is enough to go by.
     */
    synchronized long retryAfterNanos(long elapsedNanos) {
        if (calls < FEWEST) {
            return 0;
        }
        double below = 0;
        int bucket = 0;
        while (bucket < BUCKETS - 1 && below + buckets[bucket] < LATEST_QUARTER * weight) {
            below += buckets[bucket];
            bucket++;
        }
        long usual = (long) (FIRST_BUCKET_NANOS * Math.pow(BUCKET_GROWTH, bucket));
        long pause = Math.max(SHORTEST_PAUSE, Math.min(LONGEST_PAUSE, usual - elapsedNanos));
        return (long) (pause * ThreadLocalRandom.current().nextDouble(0.8, 1.2));
    }
}
