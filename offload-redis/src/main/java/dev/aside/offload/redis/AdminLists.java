package dev.aside.offload.redis;

import dev.aside.offload.job.JobRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an operator reads: lists, numbers, names. Blocking; thread-safe. */
final class AdminLists {
    private static final String CLOSURES = "lrun";
    private static final int SLICE = 500;
    private static final int RUNNING = 1_000;

    private final Calls calls;
    private final Layout layout;
    private final Lists lists;

    AdminLists(Calls calls, Layout layout) {
        this.calls = calls;
        this.layout = layout;
        this.lists = new Lists(calls, layout);
    }

    Set<String> types() {
        Set<String> names = new TreeSet<>();
        eachShard(shard -> calls.send(async -> async.smembers(layout.prefix(shard) + "types"))
                        .toCompletableFuture())
                .forEach(found -> found.forEach(name -> names.add(Bytes.text(name))));
        return names;
    }

    List<JobRecord> list(JobIndex index, @Nullable String type, int limit) {
        if (index == JobIndex.FINISHED) {
            return type == null ? latest(Set.of("fin"), limit) : finished(type, limit);
        }
        Set<String> indexes = new TreeSet<>();
        (type == null ? types() : Set.of(type)).forEach(name -> indexes.add(index.of(name)));
        return index == JobIndex.RUNNING ? running(indexes, type, limit) : latest(indexes, limit);
    }

    private List<JobRecord> latest(Set<String> indexes, int limit) {
        return Answers.of(lists.latest(indexes, limit));
    }

    /** They are ordered by the end of their leases, which says nothing to an operator. */
    private List<JobRecord> running(Set<String> indexes, @Nullable String type, int limit) {
        indexes.add(CLOSURES);
        return latest(indexes, Math.max(limit, RUNNING)).stream()
                .filter(job -> type == null || job.type().equals(type))
                .sorted(Comparator.comparing(AdminLists::started).reversed())
                .limit(limit)
                .toList();
    }

    private static Instant started(JobRecord job) {
        Instant started = job.startedAt();
        return started == null ? job.createdAt() : started;
    }

    /** One index has the finished jobs of all types: it is read further and further until there are enough. */
    private List<JobRecord> finished(String type, int limit) {
        long all =
                eachShard(shard -> calls.send(async -> async.zcard(layout.prefix(shard) + "fin"))
                                .toCompletableFuture())
                        .stream()
                        .mapToLong(Long::longValue)
                        .sum();
        for (int depth = Math.max(limit, SLICE); ; depth *= 4) {
            List<JobRecord> found = latest(Set.of("fin"), depth).stream()
                    .filter(job -> job.type().equals(type))
                    .limit(limit)
                    .toList();
            if (found.size() == limit || depth >= all) {
                return found;
            }
        }
    }

    List<JobCounts> counts() {
        Map<String, JobCounts> byType = new TreeMap<>();
        for (int shard = 0; shard < layout.shards(); shard++) {
            boolean more = true;
            for (int from = 0; more; from += SLICE) {
                List<Object> answer = Answers.of(calls.list(JobScript.COUNTS, shard, from, SLICE));
                more = (Long) answer.get(0) == 1;
                for (Object row : (List<?>) answer.get(1)) {
                    JobCounts counts = counts((List<?>) row);
                    byType.merge(counts.type(), counts, JobCounts::plus);
                }
            }
        }
        return List.copyOf(byType.values());
    }

    private static JobCounts counts(List<?> row) {
        JobCounts.Numbers jobs =
                new JobCounts.Numbers(number(row, 1), number(row, 2), number(row, 3), number(row, 4), number(row, 5));
        return new JobCounts(Bytes.text(row.get(0)), jobs, number(row, 6) == 1, (int) Math.max(0, number(row, 7)));
    }

    private static long number(List<?> row, int column) {
        return (Long) row.get(column);
    }

    /** All dead jobs of a type at this moment. */
    List<String> dead(String type) {
        return eachShard(shard -> calls.send(
                                async -> async.zrange(layout.prefix(shard) + JobIndex.DEAD.of(type), 0, -1))
                        .toCompletableFuture())
                .stream()
                .flatMap(List::stream)
                .map(Bytes::text)
                .toList();
    }

    <T> List<T> eachShard(Function<Integer, CompletableFuture<T>> question) {
        List<CompletableFuture<T>> answers = new ArrayList<>();
        for (int shard = 0; shard < layout.shards(); shard++) {
            answers.add(question.apply(shard));
        }
        Answers.of(RedisJobStore.all(answers));
        return answers.stream().map(CompletableFuture::join).toList();
    }
}
