package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import dev.aside.cache.spi.NodeCache;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
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
 * <p>Thread-safe. Four things keep a value out that was read before an invalidation and would arrive after it:
 *
 * <ul>
 *   <li>the <em>fence</em> of the key, raised before the entry is removed and compared inside the map's own lock when
 *       one is put: either the put sees the fence, or the removal sees the entry;
 *   <li>the <em>epoch</em> of the cache, raised by a clear and carried by each entry: an entry of an earlier epoch does
 *       not exist, whenever it arrives;
 *   <li>the <em>step</em> of each of its tags, see {@link TagFences};
 *   <li><em>detachment</em>: an invalidation forgets the key's flight, so later readers begin their own.
 * </ul>
 */
final class LocalLevel implements NodeCache {
    /** What no cache's epoch ever is. */
    static final long NO_EPOCH = -1;

    private final String cache;
    private final Influx influx;
    private final boolean weighed;
    private final Fences fences;
    private final TagFences tagFences;
    private final com.github.benmanes.caffeine.cache.Cache<Object, Entry> entries;
    private final Policy<Object, Entry> quiet;
    private final ConcurrentMap<Object, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicLong epoch = new AtomicLong();

    LocalLevel(String cache, Fences fences, TagFences tagFences, Supplier<TtlPolicy> policy, Influx influx) {
        this.cache = cache;
        this.influx = influx;
        this.weighed = policy.get().weigher() != null;
        this.fences = fences;
        this.tagFences = tagFences;
        this.entries = entries(policy);
        this.quiet = entries.policy();
    }

    private static com.github.benmanes.caffeine.cache.Cache<Object, Entry> entries(Supplier<TtlPolicy> policy) {
        if (policy.get().weigher() == null) {
            return Caffeine.newBuilder().maximumSize(policy.get().maximumSize()).build();
        }
        return Caffeine.newBuilder()
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
     * @param tagStep the step of the tags' sequence
     */
    record Mark(long epoch, long fence, long tagStep) {}

    /**
     * What a reader may be served. The eviction hears of a read amid influx, and of one in each tick at all times; to tell
     * it costs as much as to look the entry up.
     */
    @SuppressWarnings("CheckReturnValue") // the second look-up is to tell
    @Nullable Entry get(Object key) {
        long now = influx.now();
        boolean amidInflux = influx.isOn(now);
        Entry entry = amidInflux ? entries.getIfPresent(key) : quiet.getIfPresentQuietly(key);
        if (entry == null || !exists(entry)) {
            return null;
        }
        if (!amidInflux && entry.isUse(now)) {
            entries.getIfPresent(key);
        }
        return entry;
    }

    private boolean exists(Entry entry) {
        return entry.epoch == epoch.get() || existsTagged(entry);
    }

    private boolean existsTagged(Entry entry) {
        Entry.Tagged tagged = entry.tagged;
        return tagged != null && tagged.mark.epoch == epoch.get() && tagsHold(entry);
    }

    private boolean tagsHold(Entry entry) {
        Entry.Tagged tagged = entry.tagged;
        return tagged == null || tagFences.hold(tagged.stripes, tagged.mark.tagStep);
    }

    /** As {@link #get}, but the eviction never hears of it. */
    @Nullable Entry quietly(Object key) {
        Entry entry = quiet.getIfPresentQuietly(key);
        return entry != null && exists(entry) ? entry : null;
    }

    /** To be taken before the remote tier is asked. */
    Mark mark(Object key) {
        return new Mark(epoch.get(), fences.read(cache, key), tagFences.now());
    }

    /** The stripes of a value's tags. */
    int @Nullable [] stripes(Collection<String> tags) {
        return tagFences.stripes(cache, tags);
    }

    /** Whether the key has certainly not been invalidated since the mark was taken. */
    boolean unchangedSince(Mark mark, Object key) {
        return epoch.get() == mark.epoch && fences.read(cache, key) == mark.fence;
    }

    /** Whether an old value has certainly not been invalidated since the mark was taken, by its key or its tags. */
    boolean stillHolds(Mark mark, Object key, Entry old) {
        return unchangedSince(mark, key) && tagsHold(old);
    }

    /** Keeps the entry unless it was invalidated since the mark. Says whether it did. */
    boolean put(Object key, Entry entry, Mark mark) {
        // Guards against race: late fill after an invalidation (StaleFillTest.get_invalidatedDuringLoad_isNotKept)
        Entry kept = entries.asMap().compute(key, (k, old) -> {
            if (!stillHolds(mark, k, entry)) {
                return old;
            }
            noteInflux(old);
            return entry;
        });
        return kept == entry;
    }

    /** One in the place of another makes nobody go, unless it is heavier. */
    private void noteInflux(@Nullable Entry insteadOf) {
        if (insteadOf == null || weighed) {
            influx.came();
        }
    }

    /**
     * Keeps a written entry unless it was written or invalidated by somebody else since the mark, and disowns the loads
     * under way, which may have read what was there before. If it does not keep it, the key is invalidated. Says whether
     * it did keep it.
     */
    boolean write(Object key, Entry entry, Mark mark) {
        Entry kept = entries.asMap().compute(key, (k, old) -> {
            if (!stillHolds(mark, k, entry)) {
                return null;
            }
            // Guards against race: a load begun before the write ends after it (PutTest.get_loadBegunDuringWrite_*)
            fences.raise(cache, k);
            noteInflux(old);
            return entry;
        });
        if (kept == entry) {
            // Guards against race: joining a load begun during the write (PutTest.get_afterPutThatExpired_*)
            flights.remove(key);
        } else {
            invalidated(key);
        }
        return kept == entry;
    }

    /** Forgets the load under way, which can put nothing any more, but leaves what is held. The mark is of after that. */
    Mark disownLoads(Object key) {
        fences.raise(cache, key);
        flights.remove(key);
        return mark(key);
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

    @Override
    public void tagInvalidated(String tag) {
        tagFences.raise(cache, tag);
        // Guards against race: joining a load begun before (TagTest.get_afterTagInvalidation_doesNotJoinOldLoad)
        flights.clear();
    }

    /** The keys of what is held now, whether or not it may be served; weakly consistent. */
    Set<Object> keys() {
        return Collections.unmodifiableSet(entries.asMap().keySet());
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
