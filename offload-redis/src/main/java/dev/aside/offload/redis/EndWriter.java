package dev.aside.offload.redis;

import dev.aside.offload.spi.WriteAnswer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Writes ends of jobs, those of a shard that come together in one script. Thread-safe. */
final class EndWriter {
    private final GroupCommit ends;

    EndWriter(Calls calls, RedisJobOptions options) {
        ends = new GroupCommit(
                calls, options, JobScript.FINISH, options.times().result().toMillis());
    }

    /**
     * What the script gets for one end.
     *
     * @param fields eleven of them, the last one the result
     */
    record End(List<Object> fields) {
        static End of(Object... fields) {
            return new End(List.copyOf(Arrays.asList(fields)));
        }

        long size() {
            return GroupCommit.size(fields);
        }
    }

    CompletionStage<WriteAnswer> write(int shard, End end) {
        return ends.add(shard, end.fields).thenApply(WriteAnswer::valueOf);
    }
}
