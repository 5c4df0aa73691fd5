package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.CancelAnswer;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CancelTest {
    private final ManualTime time = new ManualTime();
    private final OffloadExecutor offload = OffloadExecutor.builder()
            .time(time)
            .workers(1)
            .drain(Duration.ZERO)
            .threshold(Duration.ZERO)
            .build();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        offload.close();
    }

    private <T, X extends Exception> JobHandle<T> start(JobTask<T, X> task) throws X {
        return offload.call("work", task).fold(done -> null, job -> job);
    }

    private JobSnapshot found(JobHandle<?> job) {
        return offload.find(job.id()).orElseThrow();
    }

    @Test
    void cancel_queued_neverRuns() throws Exception {
        start(ctx -> {
            gate.await();
            return 1;
        });
        AtomicBoolean ran = new AtomicBoolean();
        JobHandle<Integer> queued = start(ctx -> {
            ran.set(true);
            return 2;
        });

        assertThat(queued.cancel("not needed")).isEqualTo(CancelAnswer.REQUESTED);

        assertThat(queued.await(Duration.ofSeconds(1))).isTrue();
        assertThat(found(queued).state()).isEqualTo(JobState.CANCELLED);
        assertThat(found(queued).problem().orElseThrow().detail()).isEqualTo("not needed");
        assertThatThrownBy(queued::result).isInstanceOf(JobFailedException.class);
        gate.countDown();
        await().until(() -> offload.cancel(queued.id(), "again") == CancelAnswer.TERMINAL);
        assertThat(ran).isFalse();
    }

    @Test
    void cancel_running_tellsTheTaskFirst() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        JobHandle<Integer> job = start(ctx -> {
            ctx.onCancel(closed::countDown);
            started.countDown();
            while (true) {
                ctx.throwIfCancelled();
                Thread.onSpinWait();
            }
        });
        started.await();
        assertThat(job.cancel("enough")).isEqualTo(CancelAnswer.REQUESTED);

        assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(job.await(Duration.ofSeconds(5))).isTrue();
        assertThat(found(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(found(job).record().detached()).isFalse();
        assertThat(found(job).record().cancelRequested()).isTrue();
        assertThat(job.cancel("again")).isEqualTo(CancelAnswer.TERMINAL);
    }

    @Test
    void cancel_finishesAnyway_isSucceeded() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        JobHandle<Integer> job = start(ctx -> {
            started.countDown();
            gate.await();
            return 7;
        });
        started.await();
        job.cancel("too late");
        gate.countDown();

        assertThat(job.await(Duration.ofSeconds(5))).isTrue();
        assertThat(found(job).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(job.result()).isEqualTo(7);
    }

    @Test
    void cancel_taskBlocks_isInterruptedAfterItsTime() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        JobHandle<Integer> job = start(ctx -> {
            started.countDown();
            gate.await();
            return 7;
        });
        started.await();
        job.cancel("stop");
        time.advance(Duration.ofMillis(4_999));
        assertThat(found(job).state()).isEqualTo(JobState.RUNNING);
        time.advance(Duration.ofMillis(1));

        assertThat(job.await(Duration.ofSeconds(5))).isTrue();
        assertThat(found(job).state()).isEqualTo(JobState.CANCELLED);
        assertThat(found(job).record().error()).startsWith("java.lang.InterruptedException");
    }

    @Test
    void cancel_taskIgnoresInterrupt_isDetachedAndKeepsItsPermit() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        AtomicBoolean release = new AtomicBoolean();
        JobHandle<Integer> stubborn = start(ctx -> {
            started.countDown();
            while (!release.get()) {
                Thread.onSpinWait();
            }
            return 7;
        });
        started.await();
        stubborn.cancel("stop");
        time.advance(Duration.ofSeconds(35));

        assertThat(stubborn.await(Duration.ofSeconds(5))).isTrue();
        assertThat(found(stubborn).state()).isEqualTo(JobState.CANCELLED);
        assertThat(found(stubborn).record().detached()).isTrue();

        JobHandle<Integer> next = start(ctx -> 8);
        assertThat(found(next).state()).isEqualTo(JobState.QUEUED);
        release.set(true);
        assertThat(next.await(Duration.ofSeconds(5))).isTrue();
        assertThat(next.result()).isEqualTo(8);
        assertThat(found(stubborn).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void onCancel_afterCancel_runsAtOnce_andClosedRegistrationNever() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        List<String> ran = new ArrayList<>();
        JobHandle<Integer> job = start(ctx -> {
            ctx.onCancel(() -> ran.add("closed")).close();
            started.countDown();
            while (!ctx.isCancelled()) {
                Thread.onSpinWait();
            }
            ctx.onCancel(() -> ran.add("late"));
            return 1;
        });
        started.await();
        job.cancel("stop");

        assertThat(job.await(Duration.ofSeconds(5))).isTrue();
        assertThat(ran).containsExactly("late");
    }

    /** Cancel and start are let go together, over and over: whoever is first, the task learns of it. */
    @Test
    void cancel_racingStart_isNeverMissed() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            CountDownLatch first = new CountDownLatch(1);
            JobHandle<Integer> ahead = start(ctx -> {
                first.await();
                return 0;
            });
            JobHandle<Integer> job = start(ctx -> {
                while (!ctx.isCancelled()) {
                    Thread.onSpinWait();
                }
                return 1;
            });
            first.countDown();
            job.cancel("race");
            assertThat(job.await(Duration.ofSeconds(5))).isTrue();
            assertThat(ahead.await(Duration.ofSeconds(5))).isTrue();
        }
    }

    /** The wish comes on the worker itself, before the task has begun. */
    @Test
    void cancel_betweenStartAndTask_interruptsTheTask() throws Exception {
        AtomicReference<JobHandle<Integer>> job = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        try (OffloadExecutor eager = OffloadExecutor.builder()
                .workers(1)
                .threshold(Duration.ZERO)
                .type("work", type -> type.cancellation(Duration.ZERO, Duration.ofSeconds(30)))
                .listener(event -> {
                    if (event instanceof OffloadEvent.Started started
                            && started.type().equals("work")) {
                        job.get().cancel("at its start");
                    }
                })
                .build()) {
            eager.call("ahead", ctx -> gate.await(20, TimeUnit.SECONDS));
            Outcome<Integer> outcome = eager.call("work", ctx -> {
                try {
                    return new CountDownLatch(1).await(20, TimeUnit.SECONDS) ? 1 : 2;
                } catch (InterruptedException e) {
                    interrupted.set(true);
                    throw e;
                }
            });
            job.set(outcome.fold(done -> null, handle -> handle));
            gate.countDown();

            await().untilTrue(interrupted);
        }
    }

    /** The interrupt of one job is fired while it ends, over and over; the next task on the thread checks its flag. */
    @Test
    void interrupt_arrivesAsRunEnds_neverHitsNextTask() throws Exception {
        AtomicInteger hit = new AtomicInteger();
        for (int i = 0; i < 3_000; i++) {
            CountDownLatch started = new CountDownLatch(1);
            AtomicBoolean stop = new AtomicBoolean();
            JobHandle<Integer> job = start(ctx -> {
                started.countDown();
                while (!stop.get()) {
                    Thread.onSpinWait();
                }
                return 1;
            });
            JobHandle<Integer> next = start(ctx -> {
                if (Thread.currentThread().isInterrupted()) {
                    hit.incrementAndGet();
                }
                return 2;
            });
            started.await();
            job.cancel("race");
            stop.set(true);
            time.advance(Duration.ofSeconds(5));
            assertThat(next.await(Duration.ofSeconds(5))).isTrue();
        }
        assertThat(hit).hasValue(0);
    }
}
