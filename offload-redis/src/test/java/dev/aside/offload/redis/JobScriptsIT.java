package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.redis.ScriptShard.Taken;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scripts themselves: what the contract of every store does not ask for, and what only a look into Redis shows. */
class JobScriptsIT {
    private static final long SHORT = 20;

    private final ScriptShard shard = new ScriptShard();

    /** Lets a short lease run out; the number of owners that were lost is 1. */
    private void lose() {
        await().pollInterval(Duration.ofMillis(5)).until(() -> shard.tick() == 1);
    }

    private void awaitMillis(long millis) {
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }

    // ---- new jobs

    @Test
    void submit_givesOneEntryAndOneTicket_alsoWhenRepeated() {
        assertThat(shard.submit("a")).isEqualTo("ACCEPTED a");
        assertThat(shard.submit("a")).isEqualTo("ACCEPTED a");
        assertThat(shard.size("rdy")).isEqualTo(1);
        assertThat(shard.size("tkt")).isEqualTo(1);
        assertThat(shard.redis.command("HGET", shard.key("meta"), "bytes").text())
                .isEqualTo("7");
    }

    @Test
    void submit_withAKey_answersForTheJobThatHoldsIt_untilThatIsForgotten() {
        assertThat(shard.submit("b", 0, 0, 0, "K", "h1")).isEqualTo("ACCEPTED b");
        assertThat(shard.submit("c", 0, 0, 0, "K", "h1")).isEqualTo("DUPLICATE b");
        assertThat(shard.submit("c", 0, 0, 0, "K", "h2")).isEqualTo("KEY_REUSED b");
        assertThat(shard.submit("z", 0, 0, 1, "", "")).isEqualTo("FULL z");
        shard.redis.command("DEL", shard.key("j:b"));
        assertThat(shard.submit("c", 0, 0, 0, "K", "h2")).isEqualTo("ACCEPTED c");
    }

    // ---- ends

    @Test
    void finish_byAnotherNode_isRefused_andLifetimesFit() {
        shard.submit("a");
        Taken a = shard.claimOne("n1", ScriptShard.LONG);
        assertThat(shard.finish(a, "n2")).isEqualTo("FENCED");
        assertThat(shard.finish(a, "n1")).isEqualTo("OK");
        assertThat(shard.finish(a, "n1")).isEqualTo("ALREADY");
        long result = shard.redis.command("PTTL", shard.key("r:a")).number();
        long record = shard.redis.command("PTTL", shard.key("j:a")).number();
        assertThat(result).isPositive().isLessThan(record);
        assertThat(shard.hasPayload("a")).isFalse();
    }

    @Test
    void finish_afterTheLease_beforeAnybodyLooked_isAccepted() {
        shard.submit("d");
        Taken d = shard.claimOne("n1", SHORT);
        awaitMillis(2 * SHORT);
        assertThat(shard.finish(d, "n1")).isEqualTo("OK");
        assertThat(shard.tick()).isZero();
    }

    @Test
    void finish_afterTheJobWasTakenAway_butNotBegun_isAccepted_andItIsNotRunAgain() {
        shard.submit("d");
        Taken d = shard.claimOne("n1", SHORT);
        lose();
        assertThat(shard.state("d")).isEqualTo("QUEUED");
        assertThat(shard.finish(d, "n1")).isEqualTo("OK");
        assertThat(shard.state("d")).isEqualTo("SUCCEEDED");
        assertThat(shard.size("rdy")).isZero();
        assertThat(shard.claim("n2", 5, ScriptShard.LONG)).isEmpty();
    }

    @Test
    void zombie_isFencedInAllItWrites_onceAnotherHasBegun() {
        shard.submit("b");
        Taken first = shard.claimOne("n1", SHORT);
        lose();
        assertThat(shard.size("tkt")).isPositive();
        Taken second = shard.claimOne("n2", ScriptShard.LONG);
        assertThat(Long.parseLong(second.epoch())).isGreaterThan(Long.parseLong(first.epoch()));
        assertThat(shard.beat("n1", first, ScriptShard.LONG)).isEqualTo("FENCED");
        for (String outcome : List.of("SUCCEEDED", "FAILED", "RETRY", "RELEASE")) {
            assertThat(shard.end(first, "n1", outcome, 0)).isEqualTo("FENCED");
        }
        assertThat(shard.finish(second, "n2")).isEqualTo("OK");
    }

    @Test
    void poisonJob_isDeadAfterItsThirdLoss_andKeepsItsPayload() {
        shard.submit("p");
        for (int i = 0; i < 3; i++) {
            assertThat(shard.claimOne("n" + i, SHORT).id()).isEqualTo("p");
            lose();
        }
        assertThat(shard.state("p")).isEqualTo("FAILED");
        assertThat(shard.field("p", "crash")).isEqualTo("3");
        assertThat(shard.field("p", "err")).isEqualTo("owner lost");
        assertThat(shard.hasPayload("p")).isTrue();
        assertThat(shard.size("dead")).isEqualTo(1);
        assertThat(shard.size("run")).isZero();
    }

    // ---- tickets

    @Test
    void ticketOfAProcessThatDied_hidesNoJob_andIsTakenAwayAfterAWhile() {
        shard.makeGroup();
        shard.submit("e");
        List<String> held = shard.tickets("n1", 1);
        assertThat(held).hasSize(1);
        assertThat(shard.tickets("n2", 1)).isEmpty();
        shard.tick();
        assertThat(shard.size("tkt")).as("it may still be used").isEqualTo(1);
        String stream = shard.key("tkt:" + ScriptShard.TYPE);
        shard.redis.command("XCLAIM", stream, "w", "n1", "0", held.get(0), "IDLE", "10001", "JUSTID");
        shard.tick();
        List<String> fresh = shard.tickets("n2", 1);
        assertThat(fresh).hasSize(1).doesNotContainAnyElementsOf(held);
        assertThat(shard.claim("n2", 1, ScriptShard.LONG, fresh.get(0)))
                .extracting(Taken::id)
                .containsExactly("e");
        assertThat(shard.size("tkt")).isZero();
    }

    @Test
    void ticketsThatAreLost_areMadeAgain() {
        shard.submit("f");
        shard.redis.command("XTRIM", shard.key("tkt:" + ScriptShard.TYPE), "MAXLEN", "0");
        shard.tick();
        assertThat(shard.size("tkt")).isEqualTo(1);
        shard.redis.command("DEL", shard.key("tkt:" + ScriptShard.TYPE));
        shard.tick();
        assertThat(shard.size("tkt")).isEqualTo(1);
        assertThat(shard.tickets("n1", 5)).as("with its group made anew").hasSize(1);
    }

    @Test
    void tickets_areNeverMoreThanAHundred_noneWithoutAJob_andSpareOnesAreHarmless() {
        for (int i = 0; i < 150; i++) {
            shard.submit("m" + i);
        }
        assertThat(shard.size("tkt")).isEqualTo(100);
        assertThat(shard.claim("n1", 200, ScriptShard.LONG)).hasSize(150);
        List<String> spare = shard.tickets("n2", 100);
        assertThat(spare).hasSize(100);
        assertThat(shard.claim("n2", 10, ScriptShard.LONG, spare.toArray(String[]::new)))
                .isEmpty();
        assertThat(shard.size("tkt")).isZero();
        shard.tick();
        assertThat(shard.size("tkt")).isZero();
    }

    // ---- waiting

    @Test
    void retry_isDueLater_andAnnounced_andReleaseCostsNoAttempt() {
        shard.submit("g");
        Taken first = shard.claimOne("n1", ScriptShard.LONG);
        assertThat(shard.end(first, "n1", "RETRY", 300)).isEqualTo("OK");
        assertThat(shard.end(first, "n1", "RETRY", 300)).isEqualTo("ALREADY");
        assertThat(shard.nextDue("n1")).isBetween(0L, 300L);
        await().until(() -> shard.nextDue("n1") == -1);
        Taken second = shard.claimOne("n1", ScriptShard.LONG);
        assertThat(shard.field("g", "att")).isEqualTo("2");
        assertThat(shard.end(second, "n1", "RELEASE", 0)).isEqualTo("OK");
        assertThat(shard.state("g")).isEqualTo("QUEUED");
        assertThat(shard.field("g", "att")).isEqualTo("1");
    }

    @Test
    void lowPriority_goesBehind_butNotForLongerThanItsPenalty() {
        shard.submit("low", 0, 400, 0, "", "");
        shard.submit("high");
        assertThat(shard.claimOne("n1", ScriptShard.LONG).id()).isEqualTo("high");
        awaitMillis(450);
        shard.submit("later");
        assertThat(shard.claimOne("n1", ScriptShard.LONG).id()).isEqualTo("low");
        assertThat(shard.claimOne("n1", ScriptShard.LONG).id()).isEqualTo("later");
    }

    @Test
    void cap_holdsOverAllNodes_andNobodyIsWokenInVain() {
        shard.option("cap", 1);
        shard.submit("r");
        shard.submit("s");
        List<Taken> first = shard.claim("n1", 5, ScriptShard.LONG);
        assertThat(first).hasSize(1);
        drop(shard.tickets("n1", 9));
        shard.tick();
        assertThat(shard.size("tkt")).as("idle nodes do not spin").isZero();
        assertThat(shard.claim("n2", 5, ScriptShard.LONG)).isEmpty();
        assertThat(shard.size("tkt")).isZero();
        shard.finish(first.get(0), "n1");
        assertThat(shard.size("tkt")).isEqualTo(1);
        assertThat(shard.claim("n2", 5, ScriptShard.LONG)).hasSize(1);
    }

    private void drop(List<String> tickets) {
        for (String ticket : tickets) {
            shard.eval(JobScript.PASS, ScriptShard.TYPE, ticket);
        }
    }

    @Test
    void pause_stopsStarts_notSubmits_andTheEndOfItWakesSomebody() {
        shard.option("paused", 1);
        shard.submit("v");
        assertThat(shard.claim("n1", 1, ScriptShard.LONG)).isEmpty();
        shard.tick();
        assertThat(shard.size("tkt")).isZero();
        shard.option("paused", "");
        assertThat(shard.size("tkt")).isEqualTo(1);
        assertThat(shard.claimOne("n1", ScriptShard.LONG).id()).isEqualTo("v");
    }

    // ---- what a failover loses

    private Taken claimThatIsLost(String id) {
        shard.submit(id);
        Taken job = shard.claimOne("n1", ScriptShard.LONG);
        shard.redis.command("HSET", shard.key("j:" + id), "st", "QUEUED", "own", "", "ep", "0", "att", "0");
        shard.redis.command("ZREM", shard.key("run:" + ScriptShard.TYPE), id);
        shard.redis.command("ZADD", shard.key("rdy:" + ScriptShard.TYPE), "1", id);
        return job;
    }

    @Test
    void claimThatIsLost_isItsOwnersAgain_withItsNextBeat() {
        Taken job = claimThatIsLost("w");
        assertThat(shard.beat("n1", job, ScriptShard.LONG)).isEqualTo("OK");
        assertThat(shard.state("w")).isEqualTo("RUNNING");
        assertThat(shard.field("w", "att")).isEqualTo("1");
        assertThat(shard.size("rdy")).isZero();
        assertThat(shard.size("run")).isEqualTo(1);
        assertThat(shard.finish(job, "n1")).isEqualTo("OK");
    }

    @Test
    void claimThatIsLost_andAnotherBegins_hasALargerEpochAllTheSame_andFencesTheFirst() {
        Taken job = claimThatIsLost("x");
        awaitMillis(5); // the epoch is a time in milliseconds
        Taken other = shard.claimOne("n2", ScriptShard.LONG);
        assertThat(Long.parseLong(other.epoch())).isGreaterThan(Long.parseLong(job.epoch()));
        assertThat(shard.beat("n1", job, ScriptShard.LONG)).isEqualTo("FENCED");
        assertThat(shard.finish(job, "n1")).isEqualTo("FENCED");
        assertThat(shard.finish(other, "n2")).isEqualTo("OK");
    }

    @Test
    void cancel_ofWaitingRunningAndEnded() {
        shard.submit("h");
        assertThat(shard.cancel("h")).isEqualTo("CANCELLED");
        assertThat(shard.claim("n1", 1, ScriptShard.LONG)).isEmpty();
        shard.submit("i");
        Taken i = shard.claimOne("n1", ScriptShard.LONG);
        assertThat(shard.cancel("i")).isEqualTo("REQUESTED");
        assertThat(shard.beat("n1", i, ScriptShard.LONG)).isEqualTo("CANCEL");
        assertThat(shard.end(i, "n1", "CANCELLED", 0)).isEqualTo("OK");
        assertThat(shard.cancel("i")).isEqualTo("TERMINAL");
        assertThat(shard.size("rdy") + shard.size("run") + shard.size("dly")).isZero();
    }
}
