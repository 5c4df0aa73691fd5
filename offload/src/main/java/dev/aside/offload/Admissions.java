package dev.aside.offload;

import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.Admission;
import dev.aside.offload.spi.KeyClaim;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which work a call is about: its own, the same work under way here (coalescing), or the work of an earlier call
 * with the same idempotency key. Thread-safe.
 */
final class Admissions {
    /** How often a key is claimed by one call, if it is freed again and again at the wrong moment. */
    private static final int CLAIMS = 5;

    private final Engine engine;
    /** Work that others may join; left at its end. */
    private final ConcurrentMap<Same, Execution<?>> underWay = new ConcurrentHashMap<>();

    Admissions(Engine engine) {
        this.engine = engine;
    }

    private record Same(String type, Object value) {}

    /**
     * Takes work in that is not keyed: it runs, waits, or another one that is the same already does.
     *
     * @param later whether the caller must not wait, so that a refusal comes as the end of the work
     * @return the execution to wait for
     */
    <T extends @Nullable Object> Execution<T> admit(TypeLane lane, Request<T> request, boolean later) {
        Object value = request.options().coalesceBy;
        if (value == null) {
            Execution<T> execution = new Execution<>(engine, lane, request);
            submit(execution, later);
            return execution;
        }
        Same same = new Same(lane.type, value);
        while (true) {
            Execution<T> known = known(same);
            if (known != null) {
                return known;
            }
            Execution<T> mine = new Execution<>(engine, lane, request);
            if (underWay.putIfAbsent(same, mine) == null) {
                mine.waiters.add(() -> underWay.remove(same, mine));
                submit(mine, later);
                return mine;
            }
        }
    }

    @SuppressWarnings("unchecked") // equal values of one type stand for the same work, hence the same result
    private <T extends @Nullable Object> @Nullable Execution<T> known(Same same) {
        Execution<?> known = underWay.get(same);
        if (known == null) {
            return null;
        }
        if (known.ending() != null || !known.interest.join()) {
            underWay.remove(same, known);
            return null;
        }
        return (Execution<T>) known;
    }

    /** Who joins work that is refused is refused with it. */
    private void submit(Execution<?> execution, boolean later) {
        if (later) {
            engine.dispatcher.submitLater(execution);
            return;
        }
        try {
            engine.dispatcher.submitAwaited(execution);
        } catch (OffloadException refused) {
            execution.refuse(refused);
            throw refused;
        }
    }

    /**
     * Takes keyed work in, after its key; or waits for the answer of the earlier call with that key, if its work is not
     * of this process, until the deadline.
     *
     * @return what to wait for, or the outcome; or fails as the call has to
     */
    <T extends @Nullable Object> CompletionStage<Keyed<T>> admitKeyed(
            TypeLane lane, Request<T> request, KeyClaim key, long deadlineNanos) {
        return claim(new Execution<>(engine, lane, request), key, deadlineNanos, CLAIMS);
    }

    private <T extends @Nullable Object> CompletionStage<Keyed<T>> claim(
            Execution<T> mine, KeyClaim key, long deadlineNanos, int claims) {
        return mine.tracker().track(key).thenCompose(tracking -> {
            Admission admission = tracking.admission();
            if (tracking.known()) {
                return CompletableFuture.completedFuture(started(mine));
            }
            if (admission != null && admission.answer() == Admission.Answer.DUPLICATE) {
                Keyed<T> here = joined(admission.jobId());
                return here != null
                        ? CompletableFuture.completedFuture(here)
                        : elsewhere(admission.jobId(), mine, key, deadlineNanos, claims);
            }
            if (admission != null && admission.answer() == Admission.Answer.KEY_REUSED) {
                throw new IdempotencyKeyReusedException(mine.lane.type);
            }
            if (tracking.failure() instanceof IllegalArgumentException payload) {
                throw payload;
            }
            mine.tracker().takeBack(); // the key may be claimed, for work that does not begin
            throw tracking.failure() instanceof JobStoreException full
                    ? full
                    : new JobStoreException("the idempotency key could not be claimed", tracking.failure());
        });
    }

    private <T extends @Nullable Object> Keyed<T> started(Execution<T> mine) {
        try {
            engine.dispatcher.submit(mine);
        } catch (BacklogFullException full) {
            if (mine.interest.leaveAlone()) {
                throw forgotten(mine, full);
            }
            // Guards against race: the same call came again between the claim and here and joined; it may have the
            // id already (KeyedRaceTest.noRoom_whileTheSameCallJoins_isTakenInAllTheSame)
            engine.dispatcher.submitClaimed(mine);
        } catch (ExecutorClosedException closed) {
            throw forgotten(mine, closed);
        }
        return new Keyed<>(mine, null, false);
    }

    private <X extends OffloadException> X forgotten(Execution<?> mine, X refused) {
        engine.forget(mine);
        mine.refuseKeyed(refused);
        engine.untracks.send(mine.id(), mine.owner()); // and its key: the call may come again
        return refused;
    }

    @SuppressWarnings("unchecked") // same type, same key, same fingerprint: the same result
    private <T extends @Nullable Object> @Nullable Keyed<T> joined(String jobId) {
        Execution<?> here = engine.live.get(jobId);
        return here != null && here.interest.join() ? new Keyed<>((Execution<T>) here, null, true) : null;
    }

    /** The answer of a stored job, if it comes before the deadline; else its handle. */
    private <T extends @Nullable Object> CompletionStage<Keyed<T>> elsewhere(
            String jobId, Execution<T> mine, KeyClaim key, long deadlineNanos, int claims) {
        return engine.watches
                .await(jobId, record -> record.state().isTerminal(), deadlineNanos)
                .thenCompose(found -> {
                    if (found.isEmpty() && claims > 1) {
                        // Guards against race: the earlier call had no room and gave the key back, or its record was
                        // dropped, since the claim (KeyedRaceTest.keyFreedAsItIsMet_isClaimedAgain)
                        return claim(mine, key, deadlineNanos, claims - 1);
                    }
                    return this.<T>replayed(mine.lane.type, jobId, found, mine.request.options())
                            .thenApply(outcome -> new Keyed<>(null, outcome, true));
                });
    }

    /**
     * Either an execution of this process to wait for, or the outcome of a stored job.
     *
     * @param replayed whether it is an earlier call's
     */
    record Keyed<T extends @Nullable Object>(
            @Nullable Execution<T> execution, @Nullable Outcome<T> outcome, boolean replayed) {}

    private <T extends @Nullable Object> CompletionStage<Outcome<T>> replayed(
            String type, String jobId, Optional<JobRecord> found, CallOptions options) {
        JobRecord record = found.orElseThrow(() -> new JobNotFoundException(jobId));
        StoredHandle<T> handle = new StoredHandle<>(engine, jobId, type, options.replayType());
        if (!record.state().isTerminal()) {
            return CompletableFuture.completedFuture(new Outcome.Promoted<>(handle, true));
        }
        if (record.state() != JobState.SUCCEEDED) {
            throw new JobFailedException(jobId, StoredHandle.problemOf(record), null);
        }
        return engine.store.result(jobId).thenApply(result -> {
            if (result.isEmpty() || (result.get().isEncoded() && options.replayAs == null)) {
                return new Outcome.Promoted<>(handle, true); // over; its result is for whoever can read it
            }
            return new Outcome.Done<>(handle.read(result.get()), true);
        });
    }
}
