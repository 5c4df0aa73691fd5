package dev.aside.offload.redis.crash;

import java.time.Duration;

/**
 * What a node is made with. Immutable.
 *
 * @param uri of Redis
 * @param namespace of its jobs
 * @param shards of the namespace
 * @param lease how long it may be silent
 * @param crashes how many owners a job may lose
 * @param workers how many jobs it does at a time
 * @param drain how long its end lets jobs go on
 * @param command how long a command may take
 */
record NodeOptions(
        String uri,
        String namespace,
        int shards,
        Duration lease,
        int crashes,
        int workers,
        Duration drain,
        Duration command) {
    static final Duration LEASE = Duration.ofSeconds(3);

    static NodeOptions of(String uri, String namespace) {
        return new NodeOptions(uri, namespace, 1, LEASE, 10, 4, Duration.ZERO, Duration.ofSeconds(1));
    }

    NodeOptions uri(String other) {
        return new NodeOptions(other, namespace, shards, lease, crashes, workers, drain, command);
    }

    NodeOptions shards(int number) {
        return new NodeOptions(uri, namespace, number, lease, crashes, workers, drain, command);
    }

    NodeOptions lease(Duration time) {
        return new NodeOptions(uri, namespace, shards, time, crashes, workers, drain, command);
    }

    NodeOptions crashes(int most) {
        return new NodeOptions(uri, namespace, shards, lease, most, workers, drain, command);
    }

    NodeOptions workers(int number) {
        return new NodeOptions(uri, namespace, shards, lease, crashes, number, drain, command);
    }

    NodeOptions command(Duration timeout) {
        return new NodeOptions(uri, namespace, shards, lease, crashes, workers, drain, timeout);
    }

    /** As one word for the command line of a process. */
    String text() {
        return String.join(
                "|",
                uri,
                namespace,
                Integer.toString(shards),
                lease.toString(),
                Integer.toString(crashes),
                Integer.toString(workers),
                drain.toString(),
                command.toString());
    }

    static NodeOptions parse(String text) {
        String[] words = text.split("\\|", -1);
        return new NodeOptions(
                words[0],
                words[1],
                Integer.parseInt(words[2]),
                Duration.parse(words[3]),
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]),
                Duration.parse(words[6]),
                Duration.parse(words[7]));
    }
}
