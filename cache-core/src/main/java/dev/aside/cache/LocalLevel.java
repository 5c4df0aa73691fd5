package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.aside.cache.spi.NodeCache;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a process holds of one cache: entries in Caffeine, and the flights that will bring more.
 *
 * <p>Thread-safe. Three things keep a value out that was read before an invalidation and would arrive after it:
 *
 * <ul>
 *   <li>the <em>fence</em> of the key, raised before the entry is removed and compared inside the map's own lock when
 *       one is put: either the put sees the fence, or the removal sees the entry;
 *   <li>the <em>epoch</em> of the cache, raised by a clear and carried by each entry: an entry of an earlier epoch does
 *       not exist, whenever it arrives;
 *   <li><em>detachment</em>: an invalidation forgets the key's flight, so later readers begin their own.
 * </ul>
 */
final class LocalLevel implements NodeCache {
    private final String cache;
    private final Fences fences;
    private final com.github.benmanes.caffeine.cache.Cache<Object, Entry> entries;
    private final ConcurrentMap<Object, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicLong epoch = new AtomicLong();

    LocalLevel(String cache, Fences fences, Supplier<TtlPolicy> policy) {
        this.cache = cache;
        this.fences = fences;
        this.entries = entries(policy);
    }

    /** Maintenance runs on the thread that caused it: it is short, and a hand-over to a pool costs more than a remote hit. */
    private static com.github.benmanes.caffeine.cache.Cache<Object, Entry> entries(Supplier<TtlPolicy> policy) {
        if (policy.get().weigher() == null) {
            return Caffeine.newBuilder()
                    .executor(Runnable::run)
                    .maximumSize(policy.get().maximumSize())
                    .build();
        }
        return Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumWeight(policy.get().maximumWeight())
                .weigher((Object key, Entry entry) -> weight(policy.get(), entry))
                .build();
    }

    private static int weight(TtlPolicy policy, Entry entry) {
        ToIntFunction<Object> weigher = policy.weigher();
        return entry.value == null || weigher == null ? 1 : weigher.applyAsInt(entry.value);
    }

    /**
     * The state of the fences at an instant, to tell later whether a key was invalidated since.
     *
     * @param epoch the cache's epoch
     * @param fence the fence of the key's stripe
     */
    record Mark(long epoch, long fence) {}

    @Nullable Entry get(Object key) {
        Entry entry = entries.getIfPresent(key);
        return entry != null && entry.epoch == epoch.get() ? entry : null;
    }

    /** As {@link #get}, without counting as a use: for the second look of a read that found nothing to serve. */
    @Nullable Entry quietly(Object key) {
        Entry entry = entries.policy().getIfPresentQuietly(key);
        return entry != null && entry.epoch == epoch.get() ? entry : null;
    }

    /** To be taken before the remote tier is asked. */
    Mark mark(Object key) {
        return new Mark(epoch.get(), fences.read(cache, key));
    }

    /** Whether the key has certainly not been invalidated since the mark was taken. */
    boolean unchangedSince(Mark mark, Object key) {
        return epoch.get() == mark.epoch && fences.read(cache, key) == mark.fence;
    }

    /** Keeps the entry unless the key was invalidated since the mark. Says whether it did. */
    boolean put(Object key, Entry entry, Mark mark) {
        // Guards against race: late fill after an invalidation (StaleFillTest.get_invalidatedDuringLoad_isNotKept)
        Entry kept = entries.asMap().compute(key, (k, old) -> unchangedSince(mark, k) ? entry : old);
        return kept == entry;
    }

    /**
     * Joins the key's flight, or takes off with the given one.
     *
     * @param joinable whether a flight under way may be joined; if not, it is left to itself
     * @return the flight to wait for; the given one if the caller is to fly it
     */
    Flight board(Flight mine, Predicate<Flight> joinable) {
        while (true) {
            Flight other = flights.putIfAbsent(mine.key, mine);
            if (other == null) {
                return mine;
            }
            if (joinable.test(other)) {
                return other;
            }
            if (flights.replace(mine.key, other, mine)) {
                return mine;
            }
        }
    }

    /** Takes off unless the key has a flight already. */
    boolean boardIfFree(Flight mine) {
        return flights.putIfAbsent(mine.key, mine) == null;
    }

    /** Forgets a flight that is about to answer; what it brought has been put before. */
    void land(Flight flight) {
        flights.remove(flight.key, flight);
    }

    @Override
    public void invalidated(Object key) {
        fences.raise(cache, key);
        entries.invalidate(key);
        // Guards against race: joining a load begun before (StaleFillTest.get_afterInvalidation_doesNotJoinOldLoad)
        flights.remove(key);
    }

    @Override
    public void cleared() {
        epoch.incrementAndGet();
        flights.clear();
        entries.invalidateAll();
    }

    /** Follows a policy of the same measure, be that number or weight. */
    void resize(TtlPolicy policy) {
        long maximum = policy.weigher() == null ? policy.maximumSize() : policy.maximumWeight();
        entries.policy().eviction().ifPresent(eviction -> eviction.setMaximum(maximum));
    }

    long size() {
        return entries.estimatedSize();
    }
}
