package dev.aside.cache.redis.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What has happened since it was last taken: the database's side and the nodes'. Thread-safe. */
final class History implements Recorder, Store {
    /** A version that the database holds from an instant on. */
    record Committed(String key, long version, long at) {}

    private final VersionedStore store = new VersionedStore();
    private final Queue<Committed> commits = new ConcurrentLinkedQueue<>();
    private final Queue<Read> reads = new ConcurrentLinkedQueue<>();
    private final Queue<Invalidated> invalidations = new ConcurrentLinkedQueue<>();
    private final Queue<Violation> unexpected = new ConcurrentLinkedQueue<>();

    @Override
    public long commit(String key) {
        long version = store.commit(key);
        commits.add(new Committed(key, version, System.nanoTime()));
        return version;
    }

    @Override
    public long version(String key) {
        return store.version(key);
    }

    @Override
    public void read(Read read) {
        reads.add(read);
    }

    @Override
    public void invalidated(Invalidated invalidated) {
        invalidations.add(invalidated);
    }

    @Override
    public void unexpected(Oracle oracle, String what) {
        unexpected.add(new Violation(oracle, what, ""));
    }

    List<Committed> takeCommits() {
        return taken(commits);
    }

    List<Read> takeReads() {
        return taken(reads);
    }

    List<Invalidated> takeInvalidations() {
        return taken(invalidations);
    }

    List<Violation> takeUnexpected() {
        return taken(unexpected);
    }

    private static <T> List<T> taken(Queue<T> queue) {
        List<T> all = new ArrayList<>();
        for (T one = queue.poll(); one != null; one = queue.poll()) {
            all.add(one);
        }
        return all;
    }
}
