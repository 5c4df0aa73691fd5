package dev.aside.offload.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobPriority;
import dev.aside.offload.job.JobProblem;
import dev.aside.offload.job.JobProgress;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.BeatAnswer;
import dev.aside.offload.spi.CancelAnswer;
import dev.aside.offload.spi.ClaimRequest;
import dev.aside.offload.spi.Claims;
import dev.aside.offload.spi.Holding;
import dev.aside.offload.spi.JobEnd;
import dev.aside.offload.spi.JobSignals;
import dev.aside.offload.spi.JobStore;
import dev.aside.offload.spi.JobUpdate;
import dev.aside.offload.spi.KeyClaim;
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.Purge;
import dev.aside.offload.spi.Submission;
import dev.aside.offload.spi.WriteAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every job store has to do; extend it for an implementation. The store is made with a lease of
 * {@link #LEASE}, a limit of two crashes, and room for at least 100 jobs.
 */
public abstract class JobStoreContract {
    /** The lease the store has to be made with. */
    protected static final Duration LEASE = Duration.ofSeconds(3);

    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final Payload PAYLOAD = Payload.of("payload".getBytes(StandardCharsets.UTF_8), "text/plain");

    private JobStore store;

    /** A new, empty store. */
    protected abstract JobStore newStore() throws Exception;

    /** Lets time pass for the store. */
    protected abstract void pass(Duration duration) throws Exception;

    @BeforeEach
    void open() throws Exception {
        store = newStore();
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Waits for an answer of the store. */
    protected static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the store did not answer", e);
        }
    }

    /**
     * Lets a lease run out while somebody looks for silent owners now and then; how many were found. If nobody had looked
     * for long, a store may let owners speak first.
     */
    private int lookingOut(int expected) throws Exception {
        int found = 0;
        for (int i = 0; i < 5 || (found < expected && i < 15); i++) {
            pass(LEASE.dividedBy(4));
            found += get(store.tick());
        }
        return found;
    }

    private static String id() {
        return JobId.next(NOW, 7);
    }

    /** The id of a job with a key: in the shard of the key. */
    private static String id(String type, String key) {
        return JobId.next(NOW, JobId.shardOfKey(type, key));
    }

    private String submitted(String type) {
        return submitted(type, Duration.ZERO, JobPriority.NORMAL);
    }

    private String submitted(String type, Duration delay, JobPriority priority) {
        String id = id();
        Submission submission = new Submission(
                JobRecord.builder(id, type)
                        .kind(JobKind.NAMED)
                        .priority(priority)
                        .context(Map.of("trace", "t1"))
                        .build(),
                PAYLOAD,
                delay,
                0,
                null);
        assertThat(get(store.submit(submission))).isEqualTo(new Admission(Admission.Answer.ACCEPTED, id));
        return id;
    }

    private String tracked(Owner owner, JobState state) {
        String id = id();
        assertThat(get(store.track(local(id, owner, state), null, null)).answer())
                .isEqualTo(Admission.Answer.ACCEPTED);
        return id;
    }

    private static JobRecord local(String id, Owner owner, JobState state) {
        return JobRecord.builder(id, "closure")
                .kind(JobKind.LOCAL)
                .state(state)
                .node(owner.node())
                .epoch(owner.epoch())
                .createdAt(NOW)
                .build();
    }

    private List<Claims.Claimed> claim(String node, String type, int room) {
        return get(store.claim(new ClaimRequest(node, Map.of(type, room), room)))
                .jobs();
    }

    private JobRecord found(String id) {
        return get(store.find(id)).orElseThrow();
    }

    private static Owner owner(Claims.Claimed claimed) {
        return new Owner(claimed.record().node(), claimed.record().epoch());
    }

    private static JobEnd success(String text) {
        return JobEnd.succeeded(Payload.of(text.getBytes(StandardCharsets.UTF_8), "text/plain"));
    }

    private static JobEnd failure() {
        return JobEnd.without(JobState.FAILED, JobProblem.failed(), "java.io.IOException: x");
    }

    // ---- closures

    @Test
    void track_isFoundAsGiven_andRepeatedIsTheSame() {
        Owner owner = new Owner("a", 1);
        String id = tracked(owner, JobState.RUNNING);
        assertThat(found(id).state()).isEqualTo(JobState.RUNNING);
        assertThat(found(id).type()).isEqualTo("closure");
        assertThat(found(id).kind()).isEqualTo(JobKind.LOCAL);
        assertThat(get(store.track(local(id, owner, JobState.RUNNING), null, null))
                        .answer())
                .isEqualTo(Admission.Answer.ACCEPTED);
        assertThat(claim("b", "closure", 5)).as("closures are nobody else's").isEmpty();
    }

    @Test
    void untrack_forgets_butOnlyForItsOwner() {
        Owner owner = new Owner("a", 1);
        String id = tracked(owner, JobState.RUNNING);
        assertThat(get(store.untrack(id, new Owner("b", 1)))).isEqualTo(WriteAnswer.FENCED);
        assertThat(get(store.untrack(id, owner))).isEqualTo(WriteAnswer.OK);
        assertThat(get(store.find(id))).isEmpty();
        assertThat(get(store.untrack(id, owner))).isEqualTo(WriteAnswer.GONE);
    }

    @Test
    void update_writesStateAndProgress_andGrowsTheVersion() {
        Owner owner = new Owner("a", 1);
        String id = tracked(owner, JobState.QUEUED);
        long version = found(id).version();
        JobUpdate update = new JobUpdate(JobState.RUNNING, 1, 0, null, new JobProgress(2, 5, "page 2"));
        assertThat(get(store.update(id, owner, update))).isEqualTo(WriteAnswer.OK);
        assertThat(found(id).state()).isEqualTo(JobState.RUNNING);
        assertThat(found(id).progress()).isEqualTo(new JobProgress(2, 5, "page 2"));
        assertThat(found(id).attempts()).isEqualTo(1);
        assertThat(found(id).version()).isGreaterThan(version);
        assertThat(get(store.update(id, new Owner("a", 2), update))).isEqualTo(WriteAnswer.FENCED);
        assertThat(get(store.update(id(), owner, update))).isEqualTo(WriteAnswer.GONE);
    }

    @Test
    void update_ofALocalJob_movesBetweenAnyUnfinishedStates() {
        Owner owner = new Owner("a", 1);
        String id = tracked(owner, JobState.RUNNING);
        JobState[] unfinished = {JobState.SCHEDULED, JobState.RUNNING, JobState.QUEUED};
        for (JobState from : unfinished) {
            for (JobState to : unfinished) {
                get(store.update(id, owner, new JobUpdate(from, 1, 0, null, JobProgress.NONE)));
                assertThat(get(store.update(id, owner, new JobUpdate(to, 1, 0, null, JobProgress.NONE))))
                        .as(from + " to " + to)
                        .isEqualTo(WriteAnswer.OK);
                assertThat(found(id).state()).isEqualTo(to);
            }
        }
    }

    @Test
    void finish_keepsTheResult_andIsNotRepeated() {
        Owner owner = new Owner("a", 1);
        String id = tracked(owner, JobState.RUNNING);
        assertThat(get(store.result(id))).isEmpty();
        assertThat(get(store.finish(id, owner, success("one")))).isEqualTo(WriteAnswer.OK);
        assertThat(get(store.finish(id, owner, success("two")))).isEqualTo(WriteAnswer.ALREADY);
        assertThat(get(store.finish(id, owner, failure()))).isEqualTo(WriteAnswer.FENCED);
        assertThat(found(id).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(found(id).finishedAt()).isNotNull();
        assertThat(new String(get(store.result(id)).orElseThrow().bytes(), StandardCharsets.UTF_8))
                .isEqualTo("one");
    }

    @Test
    void closureOfASilentProcess_isLostForGood() throws Exception {
        Owner owner = new Owner("a", 1);
        String id = tracked(owner, JobState.RUNNING);
        assertThat(lookingOut(1)).isEqualTo(1);
        assertThat(found(id).state()).isEqualTo(JobState.LOST);
        assertThat(found(id).problem().type()).isEqualTo("urn:offload:job-lost");
        assertThat(get(store.finish(id, owner, success("late")))).isEqualTo(WriteAnswer.FENCED);
        assertThat(get(store.beat("a", List.of(new Holding(id, 1))))).containsExactly(BeatAnswer.FENCED);
    }

    // ---- named jobs that their process had begun before anybody knew of them

    private String trackedNamed(Owner owner, KeyClaim key) {
        String id = key == null ? id() : id("mail", key.key());
        Admission admission = get(store.track(named(id, owner), PAYLOAD, key));
        assertThat(admission).isEqualTo(new Admission(Admission.Answer.ACCEPTED, id));
        return id;
    }

    private static JobRecord named(String id, Owner owner) {
        return JobRecord.builder(id, "mail")
                .kind(JobKind.NAMED)
                .state(JobState.RUNNING)
                .node(owner.node())
                .epoch(owner.epoch())
                .attempts(1)
                .typeVersion(3)
                .createdAt(NOW)
                .context(Map.of("trace", "t1"))
                .build();
    }

    @Test
    void trackedNamed_isItsOwners_andRepeatedIsTheSame() throws Exception {
        Owner owner = new Owner("a", 1);
        String id = trackedNamed(owner, null);
        assertThat(found(id).kind()).isEqualTo(JobKind.NAMED);
        assertThat(found(id).state()).isEqualTo(JobState.RUNNING);
        assertThat(get(store.track(named(id, owner), PAYLOAD, null)))
                .isEqualTo(new Admission(Admission.Answer.ACCEPTED, id));
        for (int i = 0; i < 3; i++) {
            pass(LEASE.dividedBy(2));
            assertThat(get(store.beat("a", List.of(new Holding(id, 1))))).containsExactly(BeatAnswer.OK);
            assertThat(get(store.tick())).isZero();
        }
        assertThat(claim("b", "mail", 5)).isEmpty();
        assertThat(get(store.cancel(id, "why"))).isEqualTo(CancelAnswer.REQUESTED);
        assertThat(get(store.finish(id, owner, success("done")))).isEqualTo(WriteAnswer.OK);
        assertThat(new String(get(store.result(id)).orElseThrow().bytes(), StandardCharsets.UTF_8))
                .isEqualTo("done");
    }

    @Test
    void trackedNamed_ofASilentProcess_isForAnyOther_withItsPayload() throws Exception {
        Owner owner = new Owner("a", 1);
        String id = trackedNamed(owner, null);
        assertThat(lookingOut(1)).isEqualTo(1);
        assertThat(found(id).state()).isEqualTo(JobState.QUEUED);
        assertThat(found(id).crashes()).isEqualTo(1);

        Claims.Claimed claimed = claim("b", "mail", 5).get(0);
        assertThat(claimed.record().id()).isEqualTo(id);
        assertThat(claimed.record().epoch()).isGreaterThan(owner.epoch());
        assertThat(claimed.record().attempts()).isEqualTo(2);
        assertThat(claimed.record().typeVersion()).isEqualTo(3);
        assertThat(claimed.record().context()).isEqualTo(Map.of("trace", "t1"));
        assertThat(new String(claimed.payload().bytes(), StandardCharsets.UTF_8))
                .isEqualTo("payload");
        assertThat(get(store.finish(id, owner, success("zombie")))).isEqualTo(WriteAnswer.FENCED);
        assertThat(get(store.untrack(id, owner))).isEqualTo(WriteAnswer.FENCED);
        assertThat(get(store.finish(id, owner(claimed), success("real")))).isEqualTo(WriteAnswer.OK);
    }

    @Test
    void trackedNamed_isRetriedReleasedAndDead_likeAnyOther() throws Exception {
        Owner owner = new Owner("a", 1);
        String released = trackedNamed(owner, null);
        assertThat(get(store.release(released, owner, Duration.ofMillis(400)))).isEqualTo(WriteAnswer.OK);
        assertThat(found(released).state()).isEqualTo(JobState.SCHEDULED);
        assertThat(found(released).attempts()).isZero();
        pass(Duration.ofMillis(500));
        assertThat(claim("b", "mail", 5)).extracting(c -> c.record().id()).containsExactly(released);

        String retried = trackedNamed(owner, null);
        assertThat(get(store.retry(retried, owner, Duration.ofMillis(400), "boom")))
                .isEqualTo(WriteAnswer.OK);
        assertThat(found(retried).failures()).isEqualTo(1);
        pass(Duration.ofMillis(500));
        assertThat(claim("b", "mail", 5)).extracting(c -> c.record().id()).containsExactly(retried);

        String failed = trackedNamed(owner, null);
        assertThat(get(store.finish(failed, owner, failure()))).isEqualTo(WriteAnswer.OK);
        assertThat(get(store.dead("mail", 10))).extracting(JobRecord::id).containsExactly(failed);
        assertThat(get(store.rerun(failed))).isEqualTo(WriteAnswer.OK);
        assertThat(claim("b", "mail", 5)).extracting(c -> c.record().id()).containsExactly(failed);
    }

    @Test
    void trackedNamed_untrackedByItsOwner_isForgotten_withItsKey() throws Exception {
        Owner owner = new Owner("a", 1);
        KeyClaim key = new KeyClaim("k", "f1", Duration.ofHours(1));
        String running = trackedNamed(owner, key);
        assertThat(get(store.track(named(id("mail", "k"), owner), PAYLOAD, key)))
                .isEqualTo(new Admission(Admission.Answer.DUPLICATE, running));
        assertThat(get(store.untrack(running, new Owner("b", 1)))).isEqualTo(WriteAnswer.FENCED);
        assertThat(get(store.untrack(running, owner))).isEqualTo(WriteAnswer.OK);
        assertThat(get(store.find(running))).isEmpty();
        assertThat(get(store.untrack(running, owner))).isEqualTo(WriteAnswer.GONE);

        String failed = trackedNamed(owner, key);
        assertThat(get(store.finish(failed, owner, failure()))).isEqualTo(WriteAnswer.OK);
        assertThat(get(store.untrack(failed, owner))).isEqualTo(WriteAnswer.OK);
        assertThat(get(store.dead("mail", 10))).isEmpty();

        String paused = trackedNamed(owner, key);
        lookingOut(1);
        assertThat(get(store.untrack(paused, owner)))
                .as("nobody has started it")
                .isEqualTo(WriteAnswer.OK);
        assertThat(claim("b", "mail", 5)).isEmpty();
    }

    // ---- named jobs

    @Test
    void claim_givesOwnershipPayloadAndContext_once() {
        String id = submitted("mail");
        assertThat(found(id).state()).isEqualTo(JobState.QUEUED);
        List<Claims.Claimed> claimed = claim("a", "mail", 5);
        assertThat(claimed).hasSize(1);
        JobRecord record = claimed.get(0).record();
        assertThat(record.id()).isEqualTo(id);
        assertThat(record.state()).isEqualTo(JobState.RUNNING);
        assertThat(record.node()).isEqualTo("a");
        assertThat(record.attempts()).isEqualTo(1);
        assertThat(record.context()).isEqualTo(Map.of("trace", "t1"));
        assertThat(new String(claimed.get(0).payload().bytes(), StandardCharsets.UTF_8))
                .isEqualTo("payload");
        assertThat(claim("b", "mail", 5)).isEmpty();
    }

    @Test
    void claim_respectsRoomTypeAndMax() {
        for (int i = 0; i < 4; i++) {
            submitted("mail");
            submitted("pdf");
        }
        assertThat(claim("a", "mail", 3))
                .hasSize(3)
                .allSatisfy(c -> assertThat(c.record().type()).isEqualTo("mail"));
        assertThat(get(store.claim(new ClaimRequest("a", Map.of("mail", 9, "pdf", 9), 2)))
                        .jobs())
                .hasSize(2);
        assertThat(get(store.claim(new ClaimRequest("a", Map.of("mail", 9, "pdf", 9), 9)))
                        .jobs())
                .hasSize(3);
    }

    @Test
    void claim_order_isByReadinessAndHeadStart() throws Exception {
        String low = submitted("mail", Duration.ZERO, JobPriority.LOW);
        pass(Duration.ofMillis(20));
        String normal = submitted("mail");
        pass(Duration.ofMillis(20));
        String high = submitted("mail", Duration.ZERO, JobPriority.HIGH);
        assertThat(claim("a", "mail", 9)).extracting(c -> c.record().id()).containsExactly(high, normal, low);
    }

    @Test
    void delayed_isScheduledUntilDue_andAnnounced() throws Exception {
        String id = submitted("mail", Duration.ofMillis(600), JobPriority.NORMAL);
        assertThat(found(id).state()).isEqualTo(JobState.SCHEDULED);
        Claims early = get(store.claim(new ClaimRequest("a", Map.of("mail", 5), 5)));
        assertThat(early.jobs()).isEmpty();
        assertThat(early.nextDue()).isNotNull().isLessThanOrEqualTo(Duration.ofMillis(600));
        pass(Duration.ofMillis(700));
        assertThat(claim("a", "mail", 5)).hasSize(1);
    }

    @Test
    void retry_waits_countsAFailure_andTheNextEpochIsLarger() throws Exception {
        submitted("mail");
        Claims.Claimed first = claim("a", "mail", 1).get(0);
        String id = first.record().id();
        assertThat(get(store.retry(id, owner(first), Duration.ofMillis(400), "boom")))
                .isEqualTo(WriteAnswer.OK);
        assertThat(get(store.retry(id, owner(first), Duration.ofMillis(400), "boom")))
                .isEqualTo(WriteAnswer.ALREADY);
        assertThat(found(id).state()).isEqualTo(JobState.SCHEDULED);
        assertThat(found(id).failures()).isEqualTo(1);
        assertThat(claim("a", "mail", 1)).isEmpty();
        pass(Duration.ofMillis(500));
        Claims.Claimed second = claim("b", "mail", 1).get(0);
        assertThat(second.record().epoch()).isGreaterThan(first.record().epoch());
        assertThat(second.record().attempts()).isEqualTo(2);
        assertThat(get(store.finish(id, owner(first), success("zombie")))).isEqualTo(WriteAnswer.FENCED);
        assertThat(get(store.finish(id, owner(second), success("real")))).isEqualTo(WriteAnswer.OK);
    }

    @Test
    void release_costsNoAttempt() {
        submitted("mail");
        Claims.Claimed first = claim("a", "mail", 1).get(0);
        assertThat(get(store.release(first.record().id(), owner(first), Duration.ZERO)))
                .isEqualTo(WriteAnswer.OK);
        Claims.Claimed again = claim("b", "mail", 1).get(0);
        assertThat(again.record().attempts()).isEqualTo(1);
        assertThat(again.record().failures()).isZero();
    }

    @Test
    void release_byAProcessThatEnds_isForAnyOther_andItsOwnLateWritesAreRefused() throws Exception {
        String id = submitted("mail");
        Claims.Claimed first = claim("a", "mail", 1).get(0);
        assertThat(get(store.release(id, owner(first), Duration.ZERO))).isEqualTo(WriteAnswer.OK);
        JobRecord released = found(id);
        assertThat(released.state()).isEqualTo(JobState.QUEUED);
        assertThat(released.attempts()).isZero();
        lookingOut(0);
        assertThat(found(id).crashes()).as("it has no owner to lose").isZero();
        Claims.Claimed second = claim("b", "mail", 1).get(0);
        assertThat(second.record().id()).isEqualTo(id);
        assertThat(second.record().epoch()).isGreaterThan(first.record().epoch());
        assertThat(get(store.finish(id, owner(first), success("zombie")))).isEqualTo(WriteAnswer.FENCED);
        assertThat(get(store.release(id, owner(first), Duration.ZERO))).isEqualTo(WriteAnswer.FENCED);
        assertThat(found(id).state()).isEqualTo(JobState.RUNNING);
        assertThat(get(store.finish(id, owner(second), success("real")))).isEqualTo(WriteAnswer.OK);
    }

    @Test
    void silentOwner_losesTheJob_threeTimesAndItIsDead() throws Exception {
        String id = submitted("mail");
        for (int crash = 1; crash <= 3; crash++) {
            assertThat(claim("node-" + crash, "mail", 1)).hasSize(1);
            assertThat(lookingOut(1)).isEqualTo(1);
            assertThat(found(id).crashes()).isEqualTo(crash);
            assertThat(found(id).state()).isEqualTo(crash < 3 ? JobState.QUEUED : JobState.FAILED);
        }
        assertThat(get(store.dead("mail", 10))).extracting(JobRecord::id).containsExactly(id);
    }

    @Test
    void pausedOwner_takesItsJobBack_ifNobodyHasIt() throws Exception {
        String id = submitted("mail");
        Claims.Claimed claimed = claim("a", "mail", 1).get(0);
        lookingOut(1);
        assertThat(found(id).state()).isEqualTo(JobState.QUEUED);
        Holding holding = new Holding(id, claimed.record().epoch());
        assertThat(get(store.beat("a", List.of(holding)))).containsExactly(BeatAnswer.OK);
        assertThat(found(id).state()).isEqualTo(JobState.RUNNING);
        assertThat(claim("b", "mail", 1)).isEmpty();
        lookingOut(0);
        assertThat(get(store.finish(id, owner(claimed), success("late but first"))))
                .isEqualTo(WriteAnswer.OK);
        assertThat(claim("b", "mail", 1)).isEmpty();
    }

    @Test
    void beat_renewsTheLease_andTellsOfCancelAndLoss() throws Exception {
        String id = submitted("mail");
        Claims.Claimed claimed = claim("a", "mail", 1).get(0);
        Holding mine = new Holding(id, claimed.record().epoch());
        for (int i = 0; i < 3; i++) {
            pass(LEASE.dividedBy(2));
            assertThat(get(store.beat("a", List.of(mine)))).containsExactly(BeatAnswer.OK);
            assertThat(get(store.tick())).isZero();
        }
        get(store.cancel(id, "stop"));
        assertThat(get(store.beat("a", List.of(mine, new Holding(id, 1), new Holding(id(), 1)))))
                .containsExactly(BeatAnswer.CANCEL, BeatAnswer.FENCED, BeatAnswer.GONE);
    }

    @Test
    void deadJob_runsAgainWithAllItsAttempts() {
        String id = submitted("mail");
        Claims.Claimed claimed = claim("a", "mail", 1).get(0);
        assertThat(get(store.rerun(id))).isEqualTo(WriteAnswer.FENCED);
        assertThat(get(store.finish(id, owner(claimed), failure()))).isEqualTo(WriteAnswer.OK);
        assertThat(get(store.dead("mail", 10))).extracting(JobRecord::id).containsExactly(id);
        assertThat(get(store.dead("pdf", 10))).isEmpty();
        assertThat(get(store.rerun(id))).isEqualTo(WriteAnswer.OK);
        assertThat(get(store.rerun(id()))).isEqualTo(WriteAnswer.GONE);
        assertThat(get(store.dead("mail", 10))).isEmpty();
        Claims.Claimed again = claim("b", "mail", 1).get(0);
        assertThat(again.record().attempts()).isEqualTo(1);
        assertThat(again.record().problem()).isNull();
        assertThat(again.record().epoch()).isGreaterThan(claimed.record().epoch());
    }

    // ---- anybody

    @Test
    void purge_byState_deletesThoseAndNothingElse() {
        Owner owner = new Owner("a", 1);
        String failedClosure = ended(tracked(owner, JobState.RUNNING), owner, failure());
        String done = ended(tracked(owner, JobState.RUNNING), owner, success("done"));
        String running = tracked(owner, JobState.RUNNING);
        String failed = endedNamed("mail", failure());
        String waiting = submitted("mail");
        assertThat(get(store.purge(new Purge(JobState.FAILED, null, Duration.ZERO))))
                .isEqualTo(2);
        assertThat(get(store.find(failedClosure))).isEmpty();
        assertThat(get(store.find(failed))).isEmpty();
        assertThat(get(store.rerun(failed))).isEqualTo(WriteAnswer.GONE);
        assertThat(get(store.dead("mail", 10))).isEmpty();
        assertThat(get(store.purge(new Purge(JobState.CANCELLED, null, Duration.ZERO))))
                .isZero();
        assertThat(found(done).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(found(running).state()).isEqualTo(JobState.RUNNING);
        assertThat(found(waiting).state()).isEqualTo(JobState.QUEUED);
        assertThat(get(store.purge(new Purge(JobState.SUCCEEDED, null, Duration.ZERO))))
                .isEqualTo(1);
        assertThat(get(store.find(done))).isEmpty();
        assertThat(get(store.result(done))).isEmpty();
    }

    @Test
    void purge_byTypeAndAge_leavesOtherTypesAndYoungerOnes() {
        String mail = endedNamed("mail", failure());
        String pdf = endedNamed("pdf", failure());
        assertThat(get(store.purge(new Purge(JobState.FAILED, "mail", Duration.ofMinutes(5)))))
                .isZero();
        assertThat(get(store.purge(new Purge(JobState.FAILED, "mail", Duration.ZERO))))
                .isEqualTo(1);
        assertThat(get(store.find(mail))).isEmpty();
        assertThat(get(store.dead("pdf", 10))).extracting(JobRecord::id).containsExactly(pdf);
        assertThat(get(store.rerun(pdf))).isEqualTo(WriteAnswer.OK);
    }

    @Test
    void purge_keyedJob_freesItsKey() {
        KeyClaim key = new KeyClaim("k1", "fp", Duration.ofHours(1));
        Owner owner = new Owner("a", 1);
        String first = id("closure", "k1");
        get(store.track(local(first, owner, JobState.RUNNING), null, key));
        ended(first, owner, success("done"));
        assertThat(get(store.purge(new Purge(JobState.SUCCEEDED, "closure", Duration.ZERO))))
                .isEqualTo(1);
        String second = id("closure", "k1");
        assertThat(get(store.track(local(second, owner, JobState.RUNNING), null, key)))
                .isEqualTo(new Admission(Admission.Answer.ACCEPTED, second));
    }

    private String ended(String id, Owner owner, JobEnd end) {
        assertThat(get(store.finish(id, owner, end))).isEqualTo(WriteAnswer.OK);
        return id;
    }

    private String endedNamed(String type, JobEnd end) {
        String id = submitted(type);
        return ended(id, owner(claim("a", type, 1).get(0)), end);
    }

    @Test
    void cancel_waitingNow_runningAsked_overNot() {
        String waiting = submitted("mail");
        assertThat(get(store.cancel(waiting, "why"))).isEqualTo(CancelAnswer.CANCELLED);
        assertThat(found(waiting).state()).isEqualTo(JobState.CANCELLED);
        assertThat(found(waiting).reason()).isEqualTo("why");
        assertThat(get(store.cancel(waiting, "again"))).isEqualTo(CancelAnswer.TERMINAL);
        assertThat(claim("a", "mail", 1)).isEmpty();

        String running = submitted("mail");
        claim("a", "mail", 1);
        assertThat(get(store.cancel(running, "why"))).isEqualTo(CancelAnswer.REQUESTED);
        assertThat(found(running).state()).isEqualTo(JobState.RUNNING);
        assertThat(found(running).cancelRequested()).isTrue();
        assertThat(get(store.cancel(id(), "why"))).isEqualTo(CancelAnswer.GONE);
        assertThat(get(store.cancel(tracked(new Owner("a", 1), JobState.QUEUED), "why")))
                .isEqualTo(CancelAnswer.REQUESTED);
    }

    @Test
    void key_samePayloadIsTheSameJob_otherIsRefused() {
        KeyClaim key = new KeyClaim("k", "f1", Duration.ofHours(1));
        JobRecord record =
                JobRecord.builder(id("mail", "k"), "mail").kind(JobKind.NAMED).build();
        assertThat(get(store.submit(new Submission(record, PAYLOAD, Duration.ZERO, 0, key)))
                        .answer())
                .isEqualTo(Admission.Answer.ACCEPTED);
        JobRecord again =
                JobRecord.builder(id("mail", "k"), "mail").kind(JobKind.NAMED).build();
        assertThat(get(store.submit(new Submission(again, PAYLOAD, Duration.ZERO, 0, key))))
                .isEqualTo(new Admission(Admission.Answer.DUPLICATE, record.id()));
        KeyClaim other = new KeyClaim("k", "f2", Duration.ofHours(1));
        assertThat(get(store.submit(new Submission(again, PAYLOAD, Duration.ZERO, 0, other)))
                        .answer())
                .isEqualTo(Admission.Answer.KEY_REUSED);
        assertThat(get(store.find(again.id()))).isEmpty();
        String pdf = id("pdf", "k");
        assertThat(get(store.track(
                                JobRecord.builder(pdf, "pdf")
                                        .state(JobState.QUEUED)
                                        .node("a")
                                        .epoch(1)
                                        .build(),
                                null,
                                other))
                        .answer())
                .as("a key is its type's own")
                .isEqualTo(Admission.Answer.ACCEPTED);
        assertThat(get(store.untrack(pdf, new Owner("a", 1)))).isEqualTo(WriteAnswer.OK);
        assertThat(get(store.track(
                                JobRecord.builder(id("pdf", "k"), "pdf")
                                        .state(JobState.QUEUED)
                                        .node("a")
                                        .epoch(1)
                                        .build(),
                                null,
                                key))
                        .answer())
                .as("untrack gives the key back")
                .isEqualTo(Admission.Answer.ACCEPTED);
    }

    @Test
    void backlog_isBounded() {
        submitted("mail");
        JobRecord record = JobRecord.builder(id(), "mail").kind(JobKind.NAMED).build();
        assertThat(get(store.submit(new Submission(record, PAYLOAD, Duration.ZERO, 1, null)))
                        .answer())
                .isEqualTo(Admission.Answer.FULL);
        assertThat(get(store.find(record.id()))).isEmpty();
    }

    @Test
    void signals_tellOfWorkCancelAndChange() {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        JobStore.Registration registration = store.subscribe(new JobSignals() {
            @Override
            public void cancelRequested(String jobId, String reason) {
                heard.add("cancel " + jobId + " " + reason);
            }

            @Override
            public void ready(String type) {
                heard.add("ready " + type);
            }

            @Override
            public void changed(String jobId, long version) {
                heard.add("changed " + jobId);
            }
        });
        String id = submitted("mail");
        Claims.Claimed claimed = claim("a", "mail", 1).get(0);
        get(store.cancel(id, "why"));
        get(store.finish(id, owner(claimed), success("x")));
        org.awaitility.Awaitility.await()
                .untilAsserted(
                        () -> assertThat(heard).contains("ready mail", "cancel " + id + " why", "changed " + id));
        registration.close();
    }

    /** The same call may wait for this one, and can claim the key now. */
    @Test
    void signals_tellOfAKeyThatIsGivenBack() {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        JobStore.Registration registration = store.subscribe(new JobSignals() {
            @Override
            public void cancelRequested(String jobId, String reason) {}

            @Override
            public void ready(String type) {}

            @Override
            public void changed(String jobId, long version) {
                heard.add(jobId);
            }
        });
        Owner owner = new Owner("a", 1);
        String id = trackedNamed(owner, new KeyClaim("k", "f1", Duration.ofHours(1)));
        heard.clear();
        assertThat(get(store.untrack(id, owner))).isEqualTo(WriteAnswer.OK);
        org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(heard).contains(id));
        registration.close();
    }

    @Test
    void unknownId_isEmpty() {
        assertThat(get(store.find(id()))).isEmpty();
        assertThat(get(store.result(id()))).isEmpty();
    }
}
