package dev.aside.offload.redis.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.testkit.FaultProxy;
import dev.aside.testkit.RedisServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A replica takes over that has not heard of the last commands: which ones is up to the test, as the replica hears its
 * primary, and the nodes hear Redis, through proxies.
 */
@Timeout(120)
class LaggingReplicaIT {
    private final RedisServer primary = RedisServer.builder().start();
    private final RedisServer replica = RedisServer.builder().start();
    private final FaultProxy link = FaultProxy.to(primary.host(), primary.port());
    private final FaultProxy front = FaultProxy.to(primary.host(), primary.port());
    private final Arena arena = Arena.at(front.through(primary.uri()));

    @BeforeEach
    void follow() {
        replica.command("REPLICAOF", link.host(), Integer.toString(link.port()));
        Awaitility.await("the replica to follow")
                .until(() -> replica.command("INFO", "replication").text().contains("master_link_status:up"));
    }

    @AfterEach
    void close() {
        arena.close();
        front.close();
        link.close();
        replica.close();
        primary.close();
    }

    /** From here on the replica hears nothing. */
    private void lag() {
        primary.awaitReplicated(1);
        link.blackHole();
    }

    private void failOver() {
        primary.kill();
        front.target(replica.host(), replica.port());
        front.reset();
        replica.command("REPLICAOF", "NO", "ONE");
    }

    private Verdict verdict(String name, String id) {
        Verdict verdict = arena.end(Arena.PATIENCE);
        System.out.print(verdict.report(name, 0));
        assertThat(verdict.violations()).isEmpty();
        assertThat(arena.journal.count(e -> e.is("start", id))).isEqualTo(1);
        JobRecord record = arena.record(id);
        assertThat(record.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(record.attempts()).isEqualTo(1);
        assertThat(record.crashes()).isZero();
        return verdict;
    }

    /** A node without room for more, so that nobody can begin the job again but by a mistake. */
    private Node busyNode() {
        return arena.node(arena.options.workers(1));
    }

    @Test
    void submitIsLost_itsIdIsUnknown_notPendingForEver() {
        arena.client.enqueue(Work.taking(1));
        lag();
        String id = arena.client.enqueue(Work.taking(1)).id();
        failOver();
        Awaitility.await("the other server")
                .ignoreExceptions()
                .until(() -> arena.client.executor().find(id).isEmpty());
        arena.node(arena.options);
        Ends.await(arena.store(), arena.journal.acked(), Arena.PATIENCE);
        Verdict verdict = Verdict.of(arena.journal, arena.store(), arena.journal.acked(), true);
        System.out.print(verdict.report("submit lost in a failover", 0));
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.unknown()).isEqualTo(1);
        assertThat(verdict.count(JobState.SUCCEEDED)).isEqualTo(1);
    }

    @Test
    void claimIsLost_theJobStaysItsOwners() {
        String id = arena.client.enqueue(Work.of(Work.Mode.HOLD)).id();
        lag();
        Node node = busyNode();
        arena.journal.await("its start", Arena.PATIENCE, e -> e.is("start", id));
        failOver();
        Awaitility.await("the beat that takes it back")
                .atMost(Arena.PATIENCE)
                .ignoreExceptions()
                .until(() -> arena.record(id).state() == JobState.RUNNING);
        node.go();
        verdict("claim lost in a failover", id);
    }

    @Test
    void endIsLost_itIsSaidAgain_andTheJobIsNotRunAgain() {
        String id = arena.client.enqueue(Work.of(Work.Mode.HOLD)).id();
        Node node = busyNode();
        arena.journal.await("its start", Arena.PATIENCE, e -> e.is("start", id));
        lag();
        node.go();
        arena.journal.await("its end", Arena.PATIENCE, e -> e.is("finished", id));
        assertThat(arena.record(id).state()).isEqualTo(JobState.SUCCEEDED);
        failOver();
        verdict("end lost in a failover", id);
    }
}
