package dev.aside.offload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobPriority;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final List<JobPriority> PRIORITIES = List.of(JobPriority.values());

    private final OffloadExecutor offload = OffloadExecutor.create();
    private final Backlog backlog = new Backlog();
    private long sequence;

    @AfterEach
    void close() {
        offload.close();
    }

    private Execution<?> work(JobPriority priority, long arrival) {
        CallOptions options = CallOptions.builder().priority(priority).build();
        Execution<?> work = new Execution<>(
                offload.engine,
                offload.engine.types.lane("work"),
                Request.blocking(context -> 1, options, null, arrival));
        work.sequence = ++sequence;
        return work;
    }

    private Execution<?> addNew(JobPriority priority, long arrival) {
        Execution<?> work = work(priority, arrival);
        backlog.addNew(work);
        return work;
    }

    @Test
    void poll_newWorkThatLookedAtTheClockEarlier_goesBehindWhatCameInBefore() {
        Execution<?> first = addNew(JobPriority.NORMAL, 100);
        Execution<?> second = addNew(JobPriority.NORMAL, 99);
        Execution<?> third = addNew(JobPriority.NORMAL, 100);

        assertThat(drained()).containsExactly(first, second, third);
    }

    @Test
    void poll_workThatReturns_goesByItsFirstArrival() {
        Execution<?> returned = work(JobPriority.LOW, 5);
        Execution<?> late = addNew(JobPriority.LOW, 10);
        Execution<?> high = addNew(JobPriority.HIGH, 1_000);
        backlog.add(returned);

        assertThat(backlog.size()).isEqualTo(3);
        assertThat(drained()).containsExactly(high, returned, late);
    }

    @Test
    void poll_tickerWrapsAround_keepsTheOrder() {
        Execution<?> before = addNew(JobPriority.NORMAL, Long.MAX_VALUE);
        Execution<?> after = addNew(JobPriority.NORMAL, Long.MIN_VALUE + 5);

        assertThat(drained()).containsExactly(before, after);
    }

    /** Against a list that is sorted for each question. */
    @Test
    void anyOperations_likeASortedList() {
        Random random = new Random(2026);
        List<Execution<?>> model = new ArrayList<>();
        List<Execution<?>> gone = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            JobPriority priority = PRIORITIES.get(random.nextInt(PRIORITIES.size()));
            switch (random.nextInt(5)) {
                case 0, 1 -> model.add(addNew(priority, i * 1_000_000L - random.nextInt(3_000_000)));
                case 2 -> {
                    Execution<?> returned = gone.isEmpty()
                            ? work(priority, random.nextInt(i + 1) * 1_000_000L)
                            : gone.remove(random.nextInt(gone.size()));
                    backlog.add(returned);
                    model.add(returned);
                }
                case 3 -> {
                    model.sort(Comparator.naturalOrder());
                    Execution<?> expected = model.isEmpty() ? null : model.remove(0);
                    assertThat((Object) backlog.poll()).isSameAs(expected);
                    if (expected != null) {
                        gone.add(expected);
                    }
                }
                default -> {
                    Execution<?> some =
                            model.isEmpty() ? work(priority, i) : model.remove(random.nextInt(model.size()));
                    boolean wasThere = backlog.size() > model.size();
                    assertThat(backlog.remove(some)).isEqualTo(wasThere);
                    assertThat(backlog.remove(some)).isFalse();
                }
            }
            assertThat(backlog.size()).isEqualTo(model.size());
        }
        model.sort(Comparator.naturalOrder());
        List<Execution<?>> collected = new ArrayList<>();
        backlog.collect(collected);
        assertThat(collected).containsExactlyInAnyOrderElementsOf(model);
        assertThat(drained()).containsExactlyElementsOf(model);
    }

    private List<Execution<?>> drained() {
        List<Execution<?>> all = new ArrayList<>();
        for (Execution<?> next = backlog.poll(); next != null; next = backlog.poll()) {
            all.add(next);
        }
        assertThat(backlog.size()).isZero();
        return all;
    }
}
