package dev.aside.offload;

import dev.aside.offload.job.Payload;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.KeyClaim;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way of an execution into the store: its id, the one write that makes it known, the channel that keeps it up to
 * date. Thread-safe; the monitor guards the fields, never held while the store works.
 */
final class Tracker {
    private final Execution<?> execution;
    private volatile @Nullable String id;
    private volatile @Nullable JobChannel channel;
    private @Nullable CompletableFuture<Tracking> tracking;
    /** Whether the store may know it although it never said so: its answer to a try failed. */
    private volatile boolean perhapsKnown;

    Tracker(Execution<?> execution) {
        this.execution = execution;
    }

    /**
     * How an attempt to make work known to the store came out.
     *
     * @param known whether it is
     * @param admission the store's answer, or null if there was none
     * @param failure why it is not known; null if it ended first, so nobody needs to know
     */
    record Tracking(
            boolean known,
            @Nullable Admission admission,
            @Nullable Throwable failure) {}

    String id() {
        String known = id;
        return known != null ? known : newId();
    }

    private synchronized String newId() {
        String known = id;
        if (known == null) {
            known = execution.engine.newId(execution.lane.type, execution.request.options().key);
            id = known;
        }
        return known;
    }

    /** The store knows it already, by this id. */
    void knownAs(String jobId) {
        id = jobId;
    }

    JobChannel channel() {
        JobChannel made = channel;
        return made != null ? made : newChannel();
    }

    private synchronized JobChannel newChannel() {
        JobChannel made = channel;
        if (made == null) {
            made = new JobChannel(execution);
            channel = made;
        }
        return made;
    }

    void syncIfTracked() {
        if (execution.isTracked()) {
            channel().sync();
        }
    }

    /** Writes what a failed write has left unwritten, without the rest of its pause. */
    void repeatNow() {
        JobChannel made = channel;
        if (made != null) {
            made.sync();
        }
    }

    /** Makes the work known to the store, once; a failed try may be repeated. */
    CompletableFuture<Tracking> track() {
        return track(null);
    }

    CompletableFuture<Tracking> track(@Nullable KeyClaim key) {
        CompletableFuture<Tracking> mine = new CompletableFuture<>();
        synchronized (this) {
            if (tracking != null) {
                return tracking;
            }
            if (execution.ending() != null) {
                return CompletableFuture.completedFuture(new Tracking(false, null, null));
            }
            tracking = mine;
        }
        Payload payload;
        try {
            Named named = execution.request.named();
            payload = named == null ? null : named.payload().get();
        } catch (RuntimeException e) { // it cannot be encoded: the store has heard nothing
            mine.complete(untracked(null, e));
            return mine;
        }
        CompletionStage<Admission> stage;
        try {
            stage = execution.engine.store.track(channel().firstRecord(), payload, key);
        } catch (RuntimeException e) { // a store must not throw; one that does has failed
            stage = CompletableFuture.failedFuture(e);
        }
        stage.whenComplete((admission, failure) -> mine.complete(tracked(admission, failure)));
        return mine;
    }

    private Tracking tracked(@Nullable Admission admission, @Nullable Throwable failure) {
        Engine engine = execution.engine;
        perhapsKnown = failure != null;
        if (failure != null || admission == null || admission.answer() != Admission.Answer.ACCEPTED) {
            Tracking unknown = untracked(admission, failure);
            if (execution.ending() != null) {
                // Guards against race: the work ended while the store was asked
                // (UntrackTest.endDuringAWriteWithoutAnswer_storeForgets)
                takeBack();
            }
            return unknown;
        }
        engine.live.put(id(), execution); // before anybody can know the id
        if (execution.becomeTracked()) {
            engine.beats.begin();
            channel().sync(); // it may have started or progressed since the record was made
            return new Tracking(true, admission, null);
        }
        // Guards against race: the work ended between the write and here
        // (PromotionRaceTest.endDuringWrite_isDone_andStoreForgets)
        engine.forget(execution);
        engine.untracks.send(id(), execution.owner());
        return new Tracking(false, admission, null);
    }

    private Tracking untracked(@Nullable Admission admission, @Nullable Throwable failure) {
        synchronized (this) {
            tracking = null;
        }
        return new Tracking(
                false,
                admission,
                failure != null
                        ? failure
                        : execution.engine.refusal(execution.lane.type, admission == null ? null : admission.answer()));
    }

    private synchronized boolean isFirstToTakeBack() {
        boolean first = perhapsKnown;
        perhapsKnown = false;
        return first;
    }

    /** It will never be tracked. If the store may know it all the same, others must not run it, nor find it lost. */
    void takeBack() {
        if (perhapsKnown && isFirstToTakeBack()) {
            execution.engine.untracks.send(id(), execution.owner());
        }
    }
}
