package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.memory.InMemoryJobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 100,000 calls whose tasks take about as long as their threshold. Each one is asked for by a random way, and ends in a
 * random way; the seed is printed with a failure.
 */
@Timeout(120)
class PromotionStressTest {
    private static final int CALLS = 100_000;
    private static final int CALLERS = 10;
    private static final long THRESHOLD_MICROS = 500;

    private final long seed = Long.getLong("aside.seed", 20260501L);
    private final InMemoryJobStore store =
            InMemoryJobStore.builder().maxJobs(200_000).build();
    private final AtomicInteger listenedEnds = new AtomicInteger();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .store(store)
            .workers(8)
            .threshold(Duration.ofNanos(THRESHOLD_MICROS * 1_000))
            .type(
                    "tight",
                    type -> type.maxConcurrent(6).maxBacklog(3).cancellation(Duration.ZERO, Duration.ofMinutes(1)))
            .listener(event -> {
                if (event instanceof OffloadEvent.Ended) {
                    listenedEnds.incrementAndGet();
                }
            })
            .build();

    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger[] runs = new AtomicInteger[CALLS];
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger promoted = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger rejected = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final ConcurrentLinkedQueue<Promoted> jobs = new ConcurrentLinkedQueue<>();

    private record Promoted(int call, JobHandle<Integer> job, boolean fails) {}

    private static final class Planned extends Exception {
        private static final long serialVersionUID = 1;
        private final int call;

        Planned(int call) {
            super(null, null, false, false);
            this.call = call;
        }
    }

    @Test
    void callsRacingTheThreshold_eachGetsExactlyOneAnswer() throws Exception {
        List<Thread> callers = new ArrayList<>();
        for (int c = 0; c < CALLERS; c++) {
            int first = c;
            Thread caller = new Thread(() -> callMany(first), "stress-" + c);
            callers.add(caller);
            caller.start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        for (Promoted promotion : jobs) {
            check(promotion);
        }
        await().atMost(20, TimeUnit.SECONDS).until(() -> offload.load().equals(new OffloadLoad(0, 0, 0)));

        String summary = "seed " + seed + ": done " + done + ", promoted " + promoted + ", failed " + failed
                + ", rejected " + rejected + ", cancelled " + cancelled;
        assertThat(faults).as(summary).isEmpty();
        assertThat(done.get() + promoted.get() + failed.get() + rejected.get())
                .as(summary)
                .isEqualTo(CALLS);
        assertThat(listenedEnds.get()).as(summary).isEqualTo(CALLS - rejected.get());
        assertThat(List.of(done.get(), promoted.get(), failed.get(), rejected.get(), cancelled.get()))
                .as(summary)
                .allSatisfy(count -> assertThat(count).isGreaterThan(100));
        assertThat(store.size())
                .as("only promoted calls are stored, " + summary)
                .isEqualTo(promoted.get());
        allPermitsAreBack();
    }

    private void callMany(int first) {
        Random random = new Random(seed + first);
        for (int call = first; call < CALLS; call += CALLERS) {
            runs[call] = new AtomicInteger();
            try {
                callOnce(call, random);
            } catch (RuntimeException | Error e) {
                faults.add("call " + call + " threw " + e);
            }
        }
    }

    private void callOnce(int call, Random random) {
        boolean fails = random.nextInt(10) == 0;
        boolean cancels = random.nextInt(10) == 0;
        long micros = random.nextInt(20) == 0 ? THRESHOLD_MICROS * 2 : random.nextInt((int) THRESHOLD_MICROS * 2 / 3);
        boolean blocks = random.nextInt(4) > 0;
        if (random.nextInt(50) == 0) {
            Thread.currentThread().interrupt();
        }
        JobTask<Integer, Planned> task = ctx -> {
            runs[call].incrementAndGet();
            spend(micros, blocks);
            if (fails) {
                throw new Planned(call);
            }
            return call;
        };
        try {
            Outcome<Integer> outcome = random.nextInt(3) == 0 ? asynchronously(task) : offload.call("tight", task);
            outcome.fold(
                    value -> {
                        if (value != call || fails) {
                            faults.add("call " + call + " got the answer of " + value);
                        }
                        return done.incrementAndGet();
                    },
                    job -> {
                        if (offload.find(job.id()).isEmpty()) {
                            faults.add("call " + call + " got an id that cannot be found");
                        }
                        if (cancels) {
                            job.cancel("stress");
                        }
                        jobs.add(new Promoted(call, job, fails));
                        return promoted.incrementAndGet();
                    });
        } catch (Planned planned) {
            if (planned.call != call || !fails) {
                faults.add("call " + call + " got the failure of " + planned.call);
            }
            failed.incrementAndGet();
        } catch (BacklogFullException full) {
            if (runs[call].get() != 0) {
                faults.add("call " + call + " was rejected after it began");
            }
            rejected.incrementAndGet();
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(THRESHOLD_MICROS / 2));
        } finally {
            Thread.interrupted();
        }
    }

    private Outcome<Integer> asynchronously(JobTask<Integer, Planned> task) throws Planned {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        offload.dispatch("tight", CallOptions.none(), task)
                .whenComplete((outcome, failure) -> answer.complete(failure != null ? failure : outcome));
        Object got = answer.join();
        if (got instanceof Planned planned) {
            throw planned;
        }
        if (got instanceof RuntimeException unplanned) {
            throw unplanned;
        }
        @SuppressWarnings("unchecked") // nothing else is put there
        Outcome<Integer> outcome = (Outcome<Integer>) got;
        return outcome;
    }

    @SuppressWarnings("Interruption") // an interrupted task stops spending time, as a task would
    private static void spend(long micros, boolean blocks) {
        long until = System.nanoTime() + micros * 1_000;
        while (System.nanoTime() - until < 0 && !Thread.currentThread().isInterrupted()) {
            if (blocks) {
                LockSupport.parkNanos(until - System.nanoTime());
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private void check(Promoted promotion) throws InterruptedException {
        String who = "promoted call " + promotion.call;
        if (!promotion.job.await(Duration.ofSeconds(20))) {
            faults.add(who + " never ended");
            return;
        }
        JobSnapshot found = offload.find(promotion.job.id()).orElseThrow();
        int ran = runs[promotion.call].get();
        switch (found.state()) {
            case SUCCEEDED -> {
                if (promotion.fails
                        || !Integer.valueOf(promotion.call).equals(found.result(Integer.class))
                        || ran != 1) {
                    faults.add(who + " succeeded with " + found.result(Integer.class) + " after " + ran + " runs");
                }
            }
            case FAILED -> {
                if (!promotion.fails || ran != 1) {
                    faults.add(who + " failed after " + ran + " runs: "
                            + found.record().error());
                }
            }
            case CANCELLED -> {
                cancelled.incrementAndGet();
                if (!found.record().cancelRequested() || ran > 1) {
                    faults.add(who + " was cancelled by nobody");
                }
            }
            default -> faults.add(who + " is " + found.state());
        }
    }

    private void allPermitsAreBack() throws Exception {
        Semaphore inside = new Semaphore(0);
        Semaphore leave = new Semaphore(0);
        for (int i = 0; i < 6; i++) {
            offload.call("tight", CallOptions.builder().threshold(Duration.ZERO).build(), ctx -> {
                inside.release();
                leave.acquire();
                return 0;
            });
        }
        assertThat(inside.tryAcquire(6, 10, TimeUnit.SECONDS)).isTrue();
        leave.release(6);
        offload.close();
    }
}
