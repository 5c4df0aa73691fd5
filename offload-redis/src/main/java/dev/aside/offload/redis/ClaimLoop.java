package dev.aside.offload.redis;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Claims over the shards, one after the other as long as there is room, and what each of them listens for afterwards. */
final class ClaimLoop {
    private static final String EXPIRED = RecordFields.text(JobProblem.expired());
    private static final String UNREADABLE = RecordFields.text(JobProblem.notReadable("payload"));

    private final Calls calls;
    private final RedisJobOptions options;
    private final List<TicketReader> readers;
    private final SignalHub signals;
    private final Held held;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();
    /** A process may have the name of a former one, whose claims are not its own. */
    private final String process = UUID.randomUUID() + "/";
    /** Numbers of claims that were not answered yet, by node and shard: who asks again by the same one gets the same. */
    private final Map<String, Long> unanswered = new ConcurrentHashMap<>();

    /** Until when shards rest that did not answer: one that is away would cost every claim the time of a command. */
    private final Map<Integer, Long> resting = new ConcurrentHashMap<>();

    ClaimLoop(Calls calls, RedisJobOptions options, List<TicketReader> readers, SignalHub signals, Held held) {
        this.held = held;
        this.calls = calls;
        this.options = options;
        this.readers = readers;
        this.signals = signals;
    }

    /** What one claim has found so far. */
    private static final class Found {
        final ClaimRequest request;
        final Map<String, Integer> room;
        final List<Claims.Claimed> jobs = new ArrayList<>();

        @Nullable Duration nextDue;

        @Nullable Throwable failure;

        boolean answered;

        Found(ClaimRequest request) {
            this.request = request;
            this.room = new HashMap<>(request.room());
        }

        int left() {
            return request.max() - jobs.size();
        }

        void due(long millis) {
            Duration due = Duration.ofMillis(millis);
            if (millis >= 0 && (nextDue == null || due.compareTo(nextDue) < 0)) {
                nextDue = due;
            }
        }
    }

    CompletionStage<Claims> claim(ClaimRequest request) {
        Found found = new Found(request);
        return from(found, turn.getAndIncrement() & 63, 0).thenApply(done -> {
            if (!found.answered && found.failure != null) {
                throw new CompletionException(Calls.unwrapped(found.failure));
            }
            Map<String, Integer> left = found.left() > 0 ? found.room : Map.of();
            readers.forEach(reader -> reader.wants(request.node(), left));
            return new Claims(found.jobs, found.nextDue);
        });
    }

    private CompletionStage<?> from(Found found, int first, int asked) {
        if (asked == readers.size() || found.left() <= 0 || found.room.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        int shard = (first + asked) % readers.size();
        if (rests(shard)) {
            return from(found, first, asked + 1);
        }
        String who = found.request.node() + ' ' + shard;
        long number = unanswered.computeIfAbsent(who, key -> numbers.incrementAndGet());
        return calls.list(JobScript.CLAIM, shard, arguments(found, shard, number))
                .handle((answer, failure) -> {
                    if (answer == null) {
                        found.failure = failure; // what other shards gave is this process's already
                        resting.put(
                                shard,
                                options.time().nanoTime()
                                        + options.times().lease().toNanos() / 6);
                    } else {
                        found.answered = true;
                        unanswered.remove(who, number);
                        resting.remove(shard);
                        take(found, answer);
                    }
                    return found;
                })
                .thenCompose(next -> from(found, first, asked + 1));
    }

    /** Not if it gives tickets, so it answers again, nor if all of them rest. */
    private boolean rests(int shard) {
        Long until = resting.get(shard);
        return until != null
                && options.time().nanoTime() - until < 0
                && resting.size() < readers.size()
                && !readers.get(shard).hasTickets();
    }

    private Object[] arguments(Found found, int shard, long number) {
        List<Object> args = new ArrayList<>(List.of(
                found.request.node(),
                options.times().lease().toMillis(),
                found.left(),
                EXPIRED,
                UNREADABLE,
                process + number,
                found.room.size()));
        found.room.forEach((type, room) -> {
            List<String> tickets = readers.get(shard).take(type);
            args.add(type);
            args.add(room);
            args.add(tickets.size());
            args.addAll(tickets);
        });
        return args.toArray();
    }

    private void take(Found found, List<Object> answer) {
        found.due((Long) answer.get(0));
        for (Object job : (List<?>) answer.get(1)) {
            List<?> parts = (List<?>) job;
            List<?> hash = (List<?>) parts.get(0);
            JobRecord record = RecordFields.read(Bytes.text(parts.get(2)), hash);
            Payload payload = RecordFields.payload(hash, (byte[]) parts.get(1));
            held.add(record, payload);
            found.jobs.add(new Claims.Claimed(record, payload));
            found.room.computeIfPresent(record.type(), (type, room) -> room > 1 ? room - 1 : null);
        }
    }

    /** A job came over this process: if its tickets are not listened for, a claim may still find it. */
    void submittedHere(String type, int shard) {
        if (!readers.get(shard).hears(type)) {
            signals.ready(type);
        }
    }
}
