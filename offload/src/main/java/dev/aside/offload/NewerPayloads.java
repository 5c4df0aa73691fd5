package dev.aside.offload;

import dev.aside.offload.job.JobRecord;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Jobs whose payload is newer than this process, as in the middle of a rolling deploy: they are put back for a process
 * that knows it. A quarter of the job's age, within 10 s and 60 s and give or take a quarter: short enough not to hold up
 * a deploy, long enough for what nobody will ever know. Thread-safe.
 */
final class NewerPayloads {
    private static final System.Logger LOG = System.getLogger(NewerPayloads.class.getName());
    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** Whether the job is for another process. */
    static boolean isNewer(JobRecord job, JobType<?, ?> known) {
        return job.typeVersion() > known.version();
    }

    /** How long the job waits before it is offered again. */
    Duration pause(JobRecord job, JobType<?, ?> known, Engine engine) {
        if (told.add(known.name())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a job of type {0} has a payload of version {1}, this process knows it up to {2}: such jobs are put"
                            + " back for processes that know it. Hint: usual during a rolling deploy; afterwards, look"
                            + " for a process that still runs the old code.",
                    known.name(),
                    job.typeVersion(),
                    known.version());
        }
        Duration quarter =
                Duration.between(job.createdAt(), engine.time.instant()).dividedBy(4);
        Duration pause =
                quarter.compareTo(SHORTEST) < 0 ? SHORTEST : quarter.compareTo(LONGEST) > 0 ? LONGEST : quarter;
        return Duration.ofMillis(
                (long) (pause.toMillis() * ThreadLocalRandom.current().nextDouble(0.75, 1.25)));
    }
}
