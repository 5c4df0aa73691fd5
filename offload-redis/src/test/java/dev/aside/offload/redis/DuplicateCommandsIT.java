package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.redis.ScriptShard.Taken;
import dev.aside.testkit.RedisReply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Every command arrives twice, as a client sends it again whose connection broke before the answer came. */
class DuplicateCommandsIT {
    private final ScriptShard shard = new ScriptShard();

    /** The second time has the given answer and changes nothing. */
    private void twice(Supplier<String> command, String first, String second) {
        assertThat(command.get()).isEqualTo(first);
        Map<String, String> before = shard.content();
        assertThat(command.get()).isEqualTo(second);
        assertThat(shard.content()).isEqualTo(before);
    }

    private void twice(Supplier<String> command, String answer) {
        twice(command, answer, answer);
    }

    private Taken running(String id) {
        shard.submit(id);
        return shard.claimOne("n1", ScriptShard.LONG);
    }

    private String word(JobScript script, Object... own) {
        return shard.eval(script, own).text();
    }

    @Test
    void submitTwice_isOneJob_alsoWithAKeyOrDelay() {
        twice(() -> shard.submit("a"), "ACCEPTED a");
        twice(() -> shard.submit("b", 0, 0, 0, "k", "f"), "ACCEPTED b");
        twice(() -> shard.submit("c", 60_000, 0, 0, "", ""), "ACCEPTED c");
        twice(() -> shard.submit("d", 0, 0, 1, "", ""), "FULL d");
        shard.claim("n1", 9, ScriptShard.LONG);
        assertThat(shard.submit("a")).as("also when it runs already").isEqualTo("ACCEPTED a");
        assertThat(shard.state("a")).isEqualTo("RUNNING");
    }

    @Test
    void trackAndUntrackTwice_isOne() {
        Supplier<String> track = () -> String.join(
                " ",
                shard.eval(
                                JobScript.TRACK,
                                "t",
                                "closure",
                                "LOCAL",
                                60_000,
                                "",
                                "",
                                0,
                                "",
                                1 << 20,
                                "st",
                                "RUNNING",
                                "own",
                                "n1",
                                "ep",
                                1)
                        .texts());
        twice(track, "ACCEPTED t");
        twice(() -> word(JobScript.UNTRACK, "t", "n1", 1), "OK", "GONE");
    }

    @Test
    void endsTwice_countOnce() {
        for (String outcome : new String[] {"SUCCEEDED", "FAILED", "CANCELLED"}) {
            Taken job = running(outcome);
            twice(() -> shard.end(job, "n1", outcome, 0), "OK", "ALREADY");
        }
        Taken retried = running("r");
        twice(() -> shard.end(retried, "n1", "RETRY", 60_000), "OK", "ALREADY");
        assertThat(shard.field("r", "fail")).isEqualTo("1");
        Taken released = running("l");
        twice(() -> shard.end(released, "n1", "RELEASE", 60_000), "OK", "ALREADY");
        assertThat(shard.field("l", "att")).isEqualTo("0");
    }

    @Test
    void handedBackTwice_evenWhenAnotherHasBegunMeanwhile_countsOnce() {
        Taken first = running("r");
        assertThat(shard.end(first, "n1", "RELEASE", 0)).isEqualTo("OK");
        Taken second = shard.claimOne("n2", ScriptShard.LONG);
        Map<String, String> before = shard.content();
        assertThat(shard.end(first, "n1", "RELEASE", 0)).isEqualTo("FENCED");
        assertThat(shard.finish(first, "n1")).isEqualTo("FENCED");
        assertThat(shard.content()).isEqualTo(before);
        assertThat(shard.finish(second, "n2")).isEqualTo("OK");
    }

    @Test
    void beatsTwice_isTheSame() {
        Taken job = running("b");
        twice(() -> shard.beat("n1", job, ScriptShard.LONG), "OK");
        shard.cancel("b");
        twice(() -> shard.beat("n1", job, ScriptShard.LONG), "CANCEL");
        twice(() -> shard.beat("n2", job, ScriptShard.LONG), "FENCED");
        twice(() -> shard.beat("n1", new Taken("nobody", "1"), ScriptShard.LONG), "GONE");
    }

    @Test
    void updateTwice_onlyGrowsTheVersion() {
        Taken job = running("u");
        Supplier<String> update = () ->
                word(JobScript.UPDATE, "u", "n1", job.epoch(), ScriptShard.LONG, "RUNNING", 1, 0, "", 3, 9, "page 3");
        assertThat(update.get()).isEqualTo("OK");
        long version = Long.parseLong(shard.field("u", "ver"));
        assertThat(update.get()).isEqualTo("OK");
        assertThat(shard.field("u", "ver")).isEqualTo(Long.toString(version + 1));
        assertThat(shard.field("u", "pd")).isEqualTo("3");
        assertThat(shard.field("u", "att")).isEqualTo("1");
    }

    @Test
    void cancelAndRerunTwice_changeNothingTheSecondTime() {
        shard.submit("w");
        twice(() -> shard.cancel("w"), "CANCELLED", "TERMINAL");
        Taken failed = running("f");
        shard.end(failed, "n1", "FAILED", 0);
        twice(() -> word(JobScript.RERUN, "f"), "OK", "ALREADY");
        assertThat(shard.size("rdy")).isEqualTo(1);
    }

    @Test
    void upkeepTwice_isTheSame() {
        shard.submit("a");
        running("b");
        assertThat(shard.tick()).isZero();
        assertThat(shard.tick())
                .as("all that changes is when somebody looked last")
                .isZero();
        twice(() -> audit().toString(), "[0, 0]");
        twice(() -> word(JobScript.OPTION, ScriptShard.TYPE, "cap", 3), "OK");
        shard.makeGroup();
        String ticket = shard.tickets("n1", 1).get(0);
        twice(() -> word(JobScript.PASS, ScriptShard.TYPE, ticket), "1");
        assertThat(shard.size("tkt")).isEqualTo(1);
    }

    private RedisReply audit() {
        return shard.eval(JobScript.AUDIT, 0, ScriptShard.LONG, ScriptShard.LONG, 0);
    }

    private String claim(int number) {
        return ScriptShard.taken(shard.claimed(number, "n1", 1, ScriptShard.LONG))
                .toString();
    }

    @Test
    void claimTwice_givesTheSameJobs_asLongAsTheyAreItsOwn() {
        shard.submit("a");
        shard.submit("b");
        shard.submit("c");
        List<Taken> first = ScriptShard.taken(shard.claimed(1, "n1", 1, ScriptShard.LONG));
        assertThat(first).extracting(Taken::id).containsExactly("a");
        twice(() -> claim(1), first.toString());
        assertThat(shard.field("a", "att")).isEqualTo("1");
        assertThat(shard.state("b")).isEqualTo("QUEUED");
        assertThat(claim(2)).as("another claim is for another job").contains("id=b");
        assertThat(shard.finish(first.get(0), "n1")).isEqualTo("OK");
        assertThat(claim(1)).as("long ago").contains("id=c");
    }

    @Test
    void claimTwice_whenTheJobsAreLostMeanwhile_givesWhatThereIs() {
        shard.submit("a");
        shard.claimed(1, "n1", 1, 20);
        await().pollInterval(Duration.ofMillis(5)).until(() -> shard.tick() == 1);
        Taken theirs = shard.claimOne("n2", ScriptShard.LONG);
        shard.submit("b");
        assertThat(claim(1)).contains("id=b");
        assertThat(shard.finish(theirs, "n2")).isEqualTo("OK");
    }
}
