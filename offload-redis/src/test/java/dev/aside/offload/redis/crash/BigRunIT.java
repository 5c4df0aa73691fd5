package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobState;
import dev.aside.testkit.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Many jobs, few of which meet a kill: all are done, each once as seen by accepted results. The long form:
 * {@code mvn -B -Ptorture -pl offload-redis -am verify -Dtorture.jobs=10000 [-Dtorture.seed=...]}
 */
class BigRunIT {
    private static final int LONG = Integer.getInteger("torture.jobs", 0);
    private static final long SEED = Long.getLong("torture.seed", 2026);
    private static final int DEFAULT_CRASHES = 2;

    @Test
    void nodesAreKilled_everyJobIsDoneOnce() {
        Verdict verdict = run("10 crashes allowed", 10, LONG > 0 ? LONG : 500);
        assertThat(verdict.count(JobState.SUCCEEDED)).isEqualTo(LONG > 0 ? LONG : 500);
    }

    @Test
    void nodesAreKilled_byTheDefaults_everyJobEndsOnce() {
        int jobs = LONG > 0 ? LONG : 200;
        Verdict verdict = run("the default number of crashes", DEFAULT_CRASHES, jobs);
        assertThat(verdict.count(JobState.SUCCEEDED) + verdict.count(JobState.FAILED))
                .isEqualTo(jobs);
    }

    private static Verdict run(String name, int crashes, int jobs) {
        NodeOptions options =
                NodeOptions.of(RedisServer.shared().uri(), Arena.namespace()).crashes(crashes);
        try (Arena arena = new Arena(options)) {
            boolean isLong = LONG > 0;
            BigRun run = new BigRun(arena, SEED, isLong ? Duration.ofSeconds(6) : Duration.ofSeconds(2));
            long begun = System.nanoTime();
            Verdict verdict = run.run(jobs, 150, isLong ? Duration.ofMinutes(20) : Duration.ofSeconds(60));
            String report = verdict.report("big run, " + jobs + " jobs, " + name, SEED) + "crash: " + run.kills()
                    + " kills in " + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s\n";
            System.out.print(report);
            assertThat(verdict.violations()).as(report).isEmpty();
            return verdict;
        }
    }
}
