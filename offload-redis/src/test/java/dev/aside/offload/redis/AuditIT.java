package dev.aside.offload.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.redis.ScriptShard.Taken;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody deletes keys by hand, or Redis did: after an audit and a tick every job goes on, and is done by a node. */
class AuditIT {
    private final ScriptShard shard = new ScriptShard();

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(audit()).as("a second look finds nothing to do").isZero();
    }

    private long audit() {
        return audit(ScriptShard.LONG);
    }

    private long audit(long lease) {
        List<dev.aside.testkit.RedisReply> answer =
                shard.eval(JobScript.AUDIT, 0, lease, ScriptShard.LONG, 0).list();
        assertThat(answer.get(0).text()).as("one slice is enough here").isEqualTo("0");
        return answer.get(1).number();
    }

    private void delete(String key) {
        assertThat(shard.redis.command("DEL", shard.key(key)).number()).isEqualTo(1);
    }

    /** Does what there is to do; the jobs that were done. */
    private List<String> work() {
        List<Taken> jobs = shard.claim("n1", 100, ScriptShard.LONG);
        jobs.forEach(job -> assertThat(shard.finish(job, "n1")).isEqualTo("OK"));
        return jobs.stream().map(Taken::id).toList();
    }

    @Test
    void readyIndex_isGone_isFilledAgain() {
        shard.submit("a");
        shard.submit("b");
        delete("rdy:mail");
        assertThat(shard.claim("n1", 5, ScriptShard.LONG)).isEmpty();
        assertThat(audit()).isEqualTo(2);
        shard.tick();
        assertThat(shard.size("tkt")).as("somebody is woken").isGreaterThanOrEqualTo(2);
        assertThat(work()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void audit_ofAnotherProcessAMomentAgo_isNotDoneAgain_unlessAskedFor() {
        Object[] exclusive = {0, ScriptShard.LONG, ScriptShard.LONG, ScriptShard.LONG};
        assertThat(shard.eval(JobScript.AUDIT, exclusive)).hasToString("[0, 0]");
        shard.submit("a");
        delete("rdy:mail");
        assertThat(shard.eval(JobScript.AUDIT, exclusive)).hasToString("[0, 0]");
        assertThat(audit()).isEqualTo(1);
    }

    @Test
    void readyEntry_ofOneJob_isGone_isMadeAgain() {
        shard.submit("a");
        shard.submit("b");
        shard.redis.command("ZREM", shard.key("rdy:mail"), "a");
        assertThat(audit()).isEqualTo(1);
        assertThat(work()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void delayedIndex_isGone_keepsTheTimeOfTheJob() {
        shard.submit("a", 300, 0, 0, "", "");
        delete("dly:mail");
        assertThat(audit()).isEqualTo(1);
        assertThat(shard.nextDue("n1")).isBetween(0L, 300L);
        await().until(() -> work().equals(List.of("a")));
    }

    @Test
    void runningIndex_isGone_aDeadOwnerIsStillFound() {
        shard.submit("a");
        shard.claimOne("gone", ScriptShard.LONG);
        delete("run:mail");
        assertThat(shard.tick()).isZero();
        assertThat(audit(20)).isEqualTo(1);
        await().pollInterval(Duration.ofMillis(5)).until(() -> shard.tick() == 1);
        assertThat(work()).containsExactly("a");
    }

    @Test
    void runningIndex_isGone_aLivingOwnerJustGoesOn() {
        shard.submit("a");
        Taken job = shard.claimOne("n1", ScriptShard.LONG);
        delete("run:mail");
        assertThat(shard.beat("n1", job, ScriptShard.LONG)).isEqualTo("OK");
        assertThat(audit()).isZero();
        assertThat(shard.finish(job, "n1")).isEqualTo("OK");
    }

    @Test
    void ticketsWithTheirGroup_areGone_areMadeAgainByATick() {
        shard.submit("a");
        shard.makeGroup();
        delete("tkt:mail");
        assertThat(audit()).isZero();
        shard.tick();
        assertThat(shard.tickets("n1", 5)).hasSize(1);
        assertThat(work()).containsExactly("a");
    }

    @Test
    void groupOfTickets_isGone_ticketsAreStillRead() {
        shard.submit("a");
        shard.makeGroup();
        shard.redis.command("XGROUP", "DESTROY", shard.key("tkt:mail"), "w");
        shard.tick();
        assertThat(shard.tickets("n1", 5)).hasSize(1);
        assertThat(work()).containsExactly("a");
    }

    @Test
    void typesIndex_isGone_isFilledAgain_soThatTicksSeeTheType() {
        shard.submit("a");
        shard.claimOne("gone", 20);
        delete("types");
        assertThat(shard.tick()).isZero();
        audit();
        await().pollInterval(Duration.ofMillis(5)).until(() -> shard.tick() == 1);
        assertThat(work()).containsExactly("a");
    }

    @Test
    void liveIndex_isGone_jobsStillEnd() {
        shard.submit("a");
        shard.submit("b", 100, 0, 0, "", "");
        shard.submit("c");
        Taken first = shard.claimOne("gone", 20);
        delete("live");
        assertThat(audit()).isZero();
        await().pollInterval(Duration.ofMillis(5)).until(() -> shard.tick() == 1);
        await().until(() -> {
            work();
            return shard.state("b").equals("SUCCEEDED");
        });
        assertThat(shard.state(first.id())).isEqualTo("SUCCEEDED");
        assertThat(shard.state("c")).isEqualTo("SUCCEEDED");
    }

    @Test
    void record_isGone_itsPayloadAndEntriesGoToo_andTheOthersAreDone() {
        shard.submit("a");
        shard.submit("b");
        delete("j:a");
        assertThat(audit()).isEqualTo(1);
        assertThat(shard.hasPayload("a")).isFalse();
        assertThat(shard.redis.command("HGET", shard.key("meta"), "bytes").text())
                .as("the backlog has room for others")
                .isEqualTo("7");
        assertThat(work()).containsExactly("b");
        assertThat(shard.size("rdy")).isZero();
    }

    @Test
    void payload_isGone_theJobFailsWithAReason() {
        shard.submit("a");
        delete("p:a");
        assertThat(work()).isEmpty();
        assertThat(shard.state("a")).isEqualTo("FAILED");
        assertThat(shard.field("a", "err")).isEqualTo("its payload is gone");
    }

    @Test
    void counters_areGone_jobsAreTakenInAndDone() {
        shard.submit("a");
        delete("meta");
        shard.submit("b");
        assertThat(work()).containsExactly("a", "b");
        shard.tick();
        assertThat(shard.redis.command("HGET", shard.key("meta"), "bytes").text())
                .as("counted anew once nothing is left")
                .isEqualTo("0");
    }

    @Test
    void readers_thatAreGone_areForgotten_butNotOnesWithATicketOrThatStillRead() {
        shard.submit("a");
        shard.makeGroup();
        shard.tickets("holding", 1);
        read("gone");
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        read("reading");
        shard.eval(JobScript.AUDIT, 0, ScriptShard.LONG, 1_900, 0);
        assertThat(shard.redis
                        .command("XINFO", "CONSUMERS", shard.key("tkt:mail"), "w")
                        .list())
                .extracting(reader -> reader.list().get(1).text())
                .containsExactlyInAnyOrder("holding", "reading");
        assertThat(work()).containsExactly("a");
    }

    /** What a read that got nothing leaves behind. */
    private void read(String node) {
        shard.redis.command("XGROUP", "CREATECONSUMER", shard.key("tkt:mail"), "w", node);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rdy:mail", "live", "types", "tkt:mail"})
    void anyIndex_ofManyJobs_isGone_allAreDone(String index) {
        for (int i = 0; i < 300; i++) {
            shard.submit("m" + i);
        }
        delete(index);
        String cursor = "0";
        do {
            cursor = shard.eval(JobScript.AUDIT, cursor, ScriptShard.LONG, ScriptShard.LONG, 0)
                    .list()
                    .get(0)
                    .text();
        } while (!cursor.equals("0"));
        shard.tick();
        assertThat(shard.size("tkt")).isEqualTo(100);
        int done = 0;
        for (List<String> now = work(); !now.isEmpty(); now = work()) {
            done += now.size();
        }
        assertThat(done).isEqualTo(300);
    }
}
