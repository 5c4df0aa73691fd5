package dev.aside.benchmarks.cache;

import java.util.Random;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Draws keys, most of them few: the same sequence for every candidate. One per thread. */
@State(Scope.Thread)
public class HitKeys {
    /** How many keys there are; all of them are cached by every candidate. */
    public static final int KEYS = 10_000;

    private static final int DRAWS = 1 << 14;

    private final long[] draws = new long[DRAWS];
    private int next;

    /** Draws the sequence: a key's rank is the cube of an even draw, so a tenth of the keys gets half of the reads. */
    @Setup(Level.Trial)
    public void draw() {
        Random random = new Random(20_260);
        for (int i = 0; i < DRAWS; i++) {
            double even = random.nextDouble();
            draws[i] = 1_000 + (long) (KEYS * even * even * even);
        }
    }

    /** The next key. */
    public long next() {
        return draws[next++ & (DRAWS - 1)];
    }

    /** All keys there are. */
    public static long[] all() {
        long[] all = new long[KEYS];
        for (int i = 0; i < KEYS; i++) {
            all[i] = 1_000L + i;
        }
        return all;
    }
}
