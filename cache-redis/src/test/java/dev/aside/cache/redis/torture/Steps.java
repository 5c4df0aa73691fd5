package dev.aside.cache.redis.torture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The highest version demanded so far, as a function of time. Not thread-safe. */
final class Steps {
    private record Step(long at, long version) {}

    private final List<Step> added = new ArrayList<>();
    private long floor = 1;
    private long[] times = {};
    private long[] highest = {};
    private long[] highestAdded = {};

    void add(long at, long version) {
        added.add(new Step(at, version));
        times = null;
    }

    /** The highest version added for an instant up to this one. */
    long upTo(long instant) {
        if (times == null) {
            sort();
        }
        int at = Arrays.binarySearch(times, instant);
        int count = at >= 0 ? lastOf(at) + 1 : -at - 1;
        return count == 0 ? floor : highest[count - 1];
    }

    private int lastOf(int at) {
        int last = at;
        while (last + 1 < times.length && times[last + 1] == times[at]) {
            last++;
        }
        return last;
    }

    /** When the oldest of the versions above this one was added; {@code Long.MAX_VALUE} if there is none. */
    long firstAbove(long version) {
        if (times == null) {
            sort();
        }
        int from = 0;
        int to = times.length;
        while (from < to) { // the highest only rise
            int middle = (from + to) >>> 1;
            if (highestAdded[middle] > version) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from == times.length ? Long.MAX_VALUE : times[from];
    }

    private void sort() {
        added.sort(Comparator.comparingLong(Step::at));
        times = added.stream().mapToLong(Step::at).toArray();
        highest = new long[times.length];
        highestAdded = new long[times.length];
        long max = 0;
        for (int i = 0; i < times.length; i++) {
            max = Math.max(max, added.get(i).version());
            highestAdded[i] = max;
            highest[i] = Math.max(max, floor);
        }
    }

    /** Forgets when what is older than this was added, but not what it was. */
    void fold(long before) {
        floor = Math.max(floor, upTo(before));
        added.removeIf(step -> step.at() <= before);
        times = null;
    }
}
