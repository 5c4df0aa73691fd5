package dev.aside.offload.redis;

import dev.aside.offload.job.JobId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Where things are in Redis. All keys of a shard have one hash tag, {@code off:{<namespace>#<shard>}:}, so that a script
 * may touch all of them in a cluster.
 *
 * <pre>
 *   j:&lt;id&gt;  record (the only truth)      live       all unfinished jobs
 *   p:&lt;id&gt;  payload                      lrun       closures, by end of lease
 *   r:&lt;id&gt;  result                       fin        recently finished
 *   u:&lt;hash&gt; idempotency key             types      names of types
 *   c:&lt;node&gt; number and jobs of its last claim, for a lease
 *   rdy:&lt;type&gt; dly:&lt;type&gt; run:&lt;type&gt; dead:&lt;type&gt;    waiting, delayed, running by end of lease, failed
 *   tkt:&lt;type&gt; tickets (stream, group w)   opt:&lt;type&gt; paused, cap   meta  counters   ev  channel of signals
 * </pre>
 */
record Layout(String namespace, int shards) {
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    /** @throws IllegalArgumentException if one of them is out of range */
    Layout {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException(
                    "the namespace '" + namespace + "' is not 1 to 64 letters, digits and any of . _ : -");
        }
        if (shards < 1 || shards > JobId.SHARDS || Integer.bitCount(shards) != 1) {
            throw new IllegalArgumentException(
                    "the number of shards is a power of two up to " + JobId.SHARDS + ", but it is " + shards);
        }
    }

    /** What the keys of a shard begin with. */
    String prefix(int shard) {
        return "off:{" + namespace + '#' + (shard < 10 ? "0" : "") + shard + "}:";
    }

    /** Which shard a job is in; the id has the form of one. */
    int shard(String jobId) {
        return JobId.shard(jobId) % shards;
    }

    String job(String jobId) {
        return prefix(shard(jobId)) + "j:" + jobId;
    }

    String result(String jobId) {
        return prefix(shard(jobId)) + "r:" + jobId;
    }

    /** The name under which the idempotency key of a type is kept. */
    static String keyName(String type, String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((type + '\0' + key).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
