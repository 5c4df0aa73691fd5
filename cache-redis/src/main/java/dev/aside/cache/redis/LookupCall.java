package dev.aside.cache.redis;

import dev.aside.cache.redis.BodyFormat.Content;
import dev.aside.cache.redis.BodyFormat.FormatException;
import dev.aside.cache.redis.EntryFormat.Live;
import dev.aside.cache.spi.Lookup;
import dev.aside.cache.spi.LookupRequest;
import dev.aside.cache.spi.RemoteValue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One lookup of several keys on its way: read all at once, ask for leases on what is missing, wait for what others load.
 *
 * <p>Only one thread at a time works on it, handed on by the futures of the replies; it ends with every slot answered.
 */
final class LookupCall {
    private static final Logger LOG = System.getLogger(RedisTier.class.getName());
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(25);
    private static final String READABLE = "";

    private final RedisCache cache;
    private final Reads reads;
    private final LookupRequest request;
    private final List<Slot> slots;
    private final Link link;
    private final Executor decoder;
    private final TagCheck tags;
    private final long startedAt;
    private final CompletableFuture<List<Lookup>> result = new CompletableFuture<>();
    private long askedAt;
    private long pause = FIRST_PAUSE;
    private boolean reported;

    /** One key and its answer, as soon as there is one. */
    static final class Slot {
        private final KeyRef key;
        private @Nullable Lookup answer;
        private String unreadable = READABLE;

        Slot(KeyRef key) {
            this.key = key;
        }

        /** A slot that needs no lookup. */
        Slot(KeyRef key, Lookup answer) {
            this.key = key;
            this.answer = answer;
        }
    }

    /** How a call reads: through which connection, and where values are decoded. */
    record Means(Reads reads, Link link, Executor decoder) {}

    LookupCall(RedisCache cache, Means means, LookupRequest request, List<Slot> slots) {
        this.cache = cache;
        this.reads = means.reads();
        this.link = means.link();
        this.decoder = means.decoder();
        this.tags = new TagCheck(cache, means.link());
        this.request = request;
        this.slots = slots;
        this.startedAt = reads.now();
        this.askedAt = startedAt;
    }

    CompletableFuture<List<Lookup>> start() {
        List<Slot> open = open();
        if (open.isEmpty()) {
            end();
        } else if (request.refreshBelowNanos() == Long.MAX_VALUE) {
            lease(open);
        } else {
            read(open);
        }
        return result;
    }

    private List<Slot> open() {
        List<Slot> open = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            if (slot.answer == null) {
                open.add(slot);
            }
        }
        return open;
    }

    // ---- reading

    private record ShardRead(
            Shard shard, List<Slot> slots, CompletableFuture<Long> time, CompletableFuture<List<byte[]>> values) {

        /** Why the read failed; null if it did not. To be asked once the values have arrived, the time before them. */
        @Nullable Throwable failure() {
            Throwable failure = values.handle((all, why) -> why).getNow(null);
            return failure != null ? failure : time.handle((millis, why) -> why).getNow(null);
        }
    }

    /** A live value of a slot. */
    record Found(Slot slot, Live live) {
        Shard shard() {
            return slot.key.shard();
        }
    }

    private void read(List<Slot> open) {
        Pipeline pipeline = link.pipeline();
        List<ShardRead> shardReads = new ArrayList<>();
        // What is left of a value is counted from the beginning of this call: the time is of then or later, so the
        // value
        // is never taken for younger than it is.
        CompletableFuture<Long> time = time(pipeline);
        byShard(open).forEach((shard, own) -> shardReads.add(read(pipeline, time, shard, own)));
        pipeline.send();
        reads.roundTrips().increment();
        arrived(shardReads)
                .whenComplete((done, late) -> guarded(() -> {
                    Throwable failure = shardReads.stream()
                            .map(ShardRead::failure)
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(null);
                    report(failure);
                    if (failure != null) {
                        refuse(open, failure);
                        end();
                    } else {
                        decodeThen(shardReads);
                    }
                }));
    }

    private CompletableFuture<Long> time(Pipeline pipeline) {
        Long known = link.clock().atMost(startedAt);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        ServerClock.Request request = link.clock().request(startedAt);
        return pipeline.time().thenApply(request::answered);
    }

    private static Map<Shard, List<Slot>> byShard(List<Slot> open) {
        Shard first = open.get(0).key.shard();
        for (Slot slot : open) {
            if (slot.key.shard() != first) {
                return open.stream().collect(Collectors.groupingBy(each -> each.key.shard()));
            }
        }
        return Map.of(first, open);
    }

    private static CompletableFuture<?> arrived(List<ShardRead> shardReads) {
        return shardReads.size() == 1
                ? shardReads.get(0).values()
                : CompletableFuture.allOf(
                        shardReads.stream().map(ShardRead::values).toArray(CompletableFuture[]::new));
    }

    private static ShardRead read(Pipeline pipeline, CompletableFuture<Long> time, Shard shard, List<Slot> own) {
        List<String> keys = new ArrayList<>(own.size() + 1);
        for (Slot slot : own) {
            keys.add(slot.key.entry());
        }
        keys.add(own.get(0).key.stamp());
        return new ShardRead(shard, own, time, pipeline.mget(keys));
    }

    private void decodeThen(List<ShardRead> shardReads) {
        List<Found> found = new ArrayList<>();
        boolean allCheap = true;
        for (ShardRead read : shardReads) {
            List<byte[]> values = read.values().join();
            long time = read.time().join();
            byte[] stamp = values.get(values.size() - 1);
            if (!EntryFormat.isStamp(stamp, read.shard().generation())) {
                continue;
            }
            for (int i = 0; i < read.slots().size(); i++) {
                Live live = EntryFormat.liveAt(values.get(i), stamp, time);
                if (live != null && TimeUnit.MILLISECONDS.toNanos(live.freshMillis()) > request.refreshBelowNanos()) {
                    found.add(new Found(read.slots().get(i), live));
                    allCheap &= cache.decodesCheaply(live.entry().length);
                }
            }
        }
        boolean cheap = allCheap;
        tags.check(
                found,
                gone -> guarded(() -> {
                    Runnable task = () -> {
                        for (Found hit : found) {
                            RemoteValue value = gone.contains(hit.slot()) ? useless(hit) : decode(hit);
                            if (value != null) {
                                hit.slot().answer = new Lookup.Hit(value);
                            }
                        }
                        lease(open());
                    };
                    if (!decoding(cheap, task)) {
                        end();
                    }
                }));
    }

    // ---- leasing

    private record Ask(Slot slot, String token, CompletableFuture<List<Object>> reply) {}

    private void lease(List<Slot> open) {
        if (open.isEmpty()) {
            end();
            return;
        }
        askedAt = reads.now();
        Pipeline pipeline = link.pipeline();
        List<Ask> asks = open.stream().map(slot -> ask(pipeline, slot)).toList();
        pipeline.send();
        reads.roundTrips().increment();
        CompletableFuture.allOf(asks.stream().map(Ask::reply).toArray(CompletableFuture[]::new))
                .whenComplete((done, failure) -> guarded(() -> {
                    if (failure != null) {
                        unanswered(asks, failure);
                    }
                    List<Ask> answered = asks.stream()
                            .filter(ask -> !ask.reply().isCompletedExceptionally())
                            .toList();
                    report(failure);
                    List<Found> found = found(answered);
                    tags.check(
                            found,
                            gone -> guarded(() -> {
                                Runnable task = () -> {
                                    answered.forEach(ask -> answered(ask, gone));
                                    next(open);
                                };
                                if (!decoding(decodeCheaply(answered), task)) {
                                    giveBack(answered);
                                    end();
                                }
                            }));
                }));
    }

    private Ask ask(Pipeline pipeline, Slot slot) {
        slot.answer = null;
        String token = cache.token();
        CompletableFuture<List<Object>> reply = pipeline.eval(
                Script.GETL,
                List.of(slot.key.entry(), slot.key.stamp(), slot.key.shard().meta(), cache.writers(slot.key)),
                token,
                reads.leases().millis(),
                slot.key.shard().generation(),
                cache.shape(),
                Tokens.generation(),
                TimeUnit.NANOSECONDS.toMillis(request.refreshBelowNanos()),
                slot.unreadable);
        return new Ask(slot, token, reply);
    }

    private static List<Found> found(List<Ask> asks) {
        return asks.stream()
                .filter(ask -> kind(ask) == 'V' || kind(ask) == 'B' || kind(ask) == 'R')
                .map(ask -> new Found(ask.slot(), live(ask.reply().join())))
                .toList();
    }

    private boolean decodeCheaply(List<Ask> asks) {
        return asks.stream()
                .map(ask -> ask.reply().join())
                .allMatch(reply -> reply.size() <= 2 || cache.decodesCheaply(((byte[]) reply.get(1)).length));
    }

    private static byte kind(Ask ask) {
        return ((byte[]) ask.reply().join().get(0))[0];
    }

    private static Live live(List<Object> reply) {
        byte[] entry = (byte[]) reply.get(1);
        byte[] stamp = Arrays.copyOfRange(entry, 1, 1 + EntryFormat.STAMP);
        Live live = EntryFormat.live(entry, stamp, (Long) reply.get(2));
        if (live == null) {
            throw new IllegalStateException("the script returned an entry that it should not have taken for a value");
        }
        return live;
    }

    /** A lease may have been granted all the same, or be granted late: it must not keep others waiting. */
    private void unanswered(List<Ask> asks, Throwable failure) {
        List<Ask> failed = asks.stream()
                .filter(ask -> ask.reply().isCompletedExceptionally())
                .toList();
        giveBack(failed);
        refuse(failed.stream().map(Ask::slot).toList(), failure);
    }

    private void giveBack(List<Ask> asks) {
        Pipeline pipeline = link.pipeline();
        asks.forEach(ask -> Leases.release(pipeline, ask.slot().key, ask.token()));
        pipeline.send();
    }

    /** @param gone the slots whose values one of their tags voids */
    private void answered(Ask ask, Set<Slot> gone) {
        Slot slot = ask.slot();
        List<Object> reply = ask.reply().join();
        switch (kind(ask)) {
            case 'G' -> {
                reads.doubt();
                slot.answer = new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null);
            }
            case 'L' -> slot.answer = new Lookup.Denied(Lookup.Reason.BUSY, null);
            case 'W' -> slot.answer = new Lookup.Denied(Lookup.Reason.WRITING, null);
            case 'N' -> slot.answer = granted(ask, reply.get(1), reply.get(2), null);
            default -> answered(ask, new Found(slot, live(reply)), gone);
        }
    }

    private void answered(Ask ask, Found found, Set<Slot> gone) {
        RemoteValue value = gone.contains(found.slot()) ? useless(found) : decode(found);
        List<Object> reply = ask.reply().join();
        byte kind = kind(ask);
        if (kind == 'R') {
            ask.slot().answer = granted(ask, reply.get(3), reply.get(4), value);
        } else if (value != null) {
            ask.slot().answer = kind == 'V' ? new Lookup.Hit(value) : new Lookup.Denied(Lookup.Reason.BUSY, value);
        }
    }

    private Lookup.Granted granted(Ask ask, Object stamp, Object sequence, @Nullable RemoteValue current) {
        RedisLease.Origin origin = new RedisLease.Origin(Attachment.text(stamp), (Long) sequence);
        return new Lookup.Granted(reads.leases().granted(ask.slot().key, ask.token(), origin), current);
    }

    /** Once more for what could not be read; a pause for what others load; or the end. */
    private void next(List<Slot> asked) {
        List<Slot> again = asked.stream().filter(slot -> slot.answer == null).toList();
        if (!again.isEmpty()) {
            if (reads.now() - startedAt > TimeUnit.SECONDS.toNanos(1)) { // rewritten as garbage again and again
                again.forEach(slot -> slot.answer = new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null));
                end();
            } else {
                lease(again);
            }
            return;
        }
        long left = request.waitNanos() - (reads.now() - startedAt);
        // Who holds a lease does not wait for another: two batches would wait for each other.
        boolean holds = slots.stream().anyMatch(slot -> slot.answer instanceof Lookup.Granted);
        if (holds || left <= 0 || slots.stream().noneMatch(this::worthWaiting)) {
            end();
            return;
        }
        long nanos = Math.min(pause, left);
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        reads.pause(this, nanos);
    }

    /** What somebody else loads, unless there is a value to serve meanwhile. */
    private boolean worthWaiting(Slot slot) {
        return slot.answer instanceof Lookup.Denied denied
                && denied.reason() == Lookup.Reason.BUSY
                && (denied.current() == null || -denied.current().freshNanos() > request.staleNanos());
    }

    /** Asks again after a pause. */
    void goOn() {
        guarded(() -> lease(slots.stream().filter(this::worthWaiting).toList()));
    }

    /** Ends with what is known. */
    void giveUp() {
        end();
    }

    // ---- decoding

    /** Runs a task that decodes: at once, or where the caller wants it; false if there is no room for it. */
    private boolean decoding(boolean cheap, Runnable task) {
        if (cheap) {
            task.run();
            return true;
        }
        try {
            decoder.execute(() -> guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Null if the value cannot be read; the next lease on it replaces it. */
    private @Nullable RemoteValue decode(Found found) {
        Live live = found.live();
        try {
            Content content = cache.body()
                    .decode(live.entry(), EntryFormat.PREFIX, found.slot().key.name());
            long waited = askedAt - startedAt;
            return new RemoteValue(
                    content.value(),
                    TimeUnit.MILLISECONDS.toNanos(live.freshMillis()) + waited,
                    TimeUnit.MILLISECONDS.toNanos(live.keepMillis()) + waited,
                    Math.max(0, TimeUnit.MILLISECONDS.toNanos(live.ageMillis()) - waited),
                    Tags.tags(content.tags()));
        } catch (FormatException | IllegalArgumentException e) { // the latter: tags that are none
            cache.unreadable(e);
            return useless(found);
        }
    }

    /** There is no value in this one: the next lease on it replaces it. */
    private static @Nullable RemoteValue useless(Found found) {
        byte[] entry = found.live().entry();
        found.slot().unreadable = Script.sha1(entry, EntryFormat.PREFIX, entry.length - EntryFormat.PREFIX);
        return null;
    }

    // ---- ending

    private void refuse(List<Slot> open, @Nullable Throwable failure) {
        open.forEach(slot -> slot.answer = new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null));
        cache.readFailed(String.valueOf(failure));
    }

    /** Tells the guard how the first round trip went. */
    private void report(@Nullable Throwable failure) {
        if (reported) {
            return;
        }
        reported = true;
        long nanos = reads.now() - startedAt;
        if (failure == null) {
            reads.guard().succeeded(nanos);
        } else {
            reads.guard().failed(nanos, failure);
        }
    }

    private void end() {
        if (!reported) {
            reported = true;
            reads.guard().unused();
        }
        List<Lookup> answers = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            answers.add(slot.answer != null ? slot.answer : new Lookup.Denied(Lookup.Reason.UNAVAILABLE, null));
        }
        result.complete(answers);
    }

    /** The stage must end, whatever happens. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a lookup in cache '" + cache.name() + "' failed; please report this", e);
            end();
        }
    }
}
