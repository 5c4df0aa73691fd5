package dev.aside.offload.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobId;
import dev.aside.offload.job.JobKind;
import dev.aside.offload.job.JobProblem;
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
import dev.aside.offload.spi.Owner;
import dev.aside.offload.spi.Submission;
import dev.aside.offload.spi.WriteAnswer;
import dev.aside.offload.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random commands of three processes, one of them against a plain model of what a job may do. */
class InMemoryJobStoreModelTest {
    private static final long LEASE = 3_000;

    private enum Kind {
        SUBMIT,
        CLAIM,
        SUCCEED,
        FAIL,
        RETRY,
        RELEASE,
        BEAT,
        CANCEL,
        RERUN,
        TICK,
        PASS
    }

    /**
     * @param job which of the jobs, modulo their number
     * @param node which of three processes
     */
    private record Command(Kind kind, int job, int node, int millis) {}

    @Provide
    Arbitrary<List<Command>> commands() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(4, Kind.SUBMIT),
                net.jqwik.api.Tuple.of(6, Kind.CLAIM),
                net.jqwik.api.Tuple.of(3, Kind.SUCCEED),
                net.jqwik.api.Tuple.of(2, Kind.FAIL),
                net.jqwik.api.Tuple.of(3, Kind.RETRY),
                net.jqwik.api.Tuple.of(2, Kind.RELEASE),
                net.jqwik.api.Tuple.of(4, Kind.BEAT),
                net.jqwik.api.Tuple.of(2, Kind.CANCEL),
                net.jqwik.api.Tuple.of(2, Kind.RERUN),
                net.jqwik.api.Tuple.of(3, Kind.TICK),
                net.jqwik.api.Tuple.of(4, Kind.PASS));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 4_000))
                .as(Command::new)
                .list()
                .ofMinSize(10)
                .ofMaxSize(80);
    }

    @Property(tries = 1_000)
    void everyCommand_answersAndChangesAsTheModel(@ForAll("commands") List<Command> commands) {
        Model model = new Model();
        commands.forEach(model::apply);
    }

    /** What is expected of one job. */
    private static final class Expected {
        private final String id;
        private JobState state;
        private String node = "";
        private long epoch;
        private int attempts;
        private int failures;
        private int crashes;
        private boolean cancelled;
        private long due;
        private long leaseUntil;
        /** What each process believes: the last epoch it was given; 0 if none. */
        private final long[] believed = new long[3];

        Expected(String id, JobState state, long due) {
            this.id = id;
            this.state = state;
            this.due = due;
        }

        boolean ownedBy(int who) {
            return believed[who] != 0 && node.equals(name(who)) && epoch == believed[who];
        }
    }

    private static String name(int node) {
        return "node-" + node;
    }

    private static final class Model {
        private final ManualTime time = new ManualTime();
        private final InMemoryJobStore store = InMemoryJobStore.builder()
                .time(time)
                .lease(Duration.ofMillis(LEASE))
                .build();
        private final List<Expected> jobs = new ArrayList<>();
        private long now;

        private static <T> T get(CompletionStage<T> stage) {
            return stage.toCompletableFuture().join();
        }

        void apply(Command command) {
            switch (command.kind) {
                case SUBMIT -> submit(command);
                case CLAIM -> claim(command);
                case TICK -> tick();
                case PASS -> {
                    now += command.millis;
                    time.advance(Duration.ofMillis(command.millis));
                }
                default -> {
                    if (!jobs.isEmpty()) {
                        onJob(command, jobs.get(command.job % jobs.size()));
                    }
                }
            }
            jobs.forEach(this::compare);
        }

        private void compare(Expected expected) {
            JobRecord found = get(store.find(expected.id)).orElseThrow();
            assertThat(List.of(
                            found.state(),
                            found.node(),
                            found.epoch(),
                            found.attempts(),
                            found.failures(),
                            found.crashes(),
                            found.cancelRequested()))
                    .isEqualTo(List.of(
                            expected.state,
                            expected.node,
                            expected.epoch,
                            expected.attempts,
                            expected.failures,
                            expected.crashes,
                            expected.cancelled));
        }

        private void submit(Command command) {
            boolean later = command.millis > 2_000;
            String id = JobId.next(Instant.EPOCH, command.job);
            assertThat(get(store.submit(new Submission(
                                    JobRecord.builder(id, "t")
                                            .kind(JobKind.NAMED)
                                            .build(),
                                    Payload.reference(id),
                                    Duration.ofMillis(later ? command.millis : 0),
                                    0,
                                    null)))
                            .answer())
                    .isEqualTo(Admission.Answer.ACCEPTED);
            jobs.add(
                    new Expected(id, later ? JobState.SCHEDULED : JobState.QUEUED, now + (later ? command.millis : 0)));
        }

        private void claim(Command command) {
            int room = 1 + command.job % 3;
            jobs.stream()
                    .filter(job -> job.state == JobState.SCHEDULED && job.due <= now)
                    .forEach(job -> job.state = JobState.QUEUED);
            long startable =
                    jobs.stream().filter(job -> job.state == JobState.QUEUED).count();
            List<Claims.Claimed> claimed = get(store.claim(
                            new ClaimRequest(name(command.node), Map.of("t", room), room)))
                    .jobs();
            assertThat((long) claimed.size()).isEqualTo(Math.min(room, startable));
            for (Claims.Claimed got : claimed) {
                Expected job = jobs.stream()
                        .filter(one -> one.id.equals(got.record().id()))
                        .findFirst()
                        .orElseThrow();
                assertThat(job.state).isEqualTo(JobState.QUEUED);
                assertThat(got.record().epoch()).isGreaterThan(job.epoch);
                assertThat(got.payload().value()).isEqualTo(job.id);
                job.state = JobState.RUNNING;
                job.node = name(command.node);
                job.epoch = got.record().epoch();
                job.believed[command.node] = job.epoch;
                job.attempts++;
                job.leaseUntil = now + LEASE;
            }
        }

        private void tick() {
            long lost = 0;
            for (Expected job : jobs) {
                if (job.state == JobState.RUNNING && job.leaseUntil <= now) {
                    lost++;
                    job.crashes++;
                    job.state = job.crashes > 2 ? JobState.FAILED : JobState.QUEUED;
                }
            }
            assertThat((long) get(store.tick())).isEqualTo(lost);
        }

        private void onJob(Command command, Expected job) {
            int who = command.node;
            Owner owner = new Owner(name(who), job.believed[who]);
            boolean holds = job.ownedBy(who) && (job.state == JobState.RUNNING || job.state == JobState.QUEUED);
            switch (command.kind) {
                case SUCCEED -> finish(job, owner, JobEnd.succeeded(Payload.reference(1)), holds, who);
                case FAIL -> finish(job, owner, JobEnd.without(JobState.FAILED, JobProblem.failed(), "x"), holds, who);
                case RETRY -> {
                    WriteAnswer answer = get(store.retry(job.id, owner, Duration.ofMillis(command.millis + 1), "x"));
                    boolean repeated = job.ownedBy(who) && job.state == JobState.SCHEDULED;
                    assertThat(answer)
                            .isEqualTo(holds ? WriteAnswer.OK : repeated ? WriteAnswer.ALREADY : WriteAnswer.FENCED);
                    if (holds) {
                        job.state = JobState.SCHEDULED;
                        job.failures++;
                        job.due = now + command.millis + 1;
                    }
                }
                case RELEASE -> {
                    assertThat(get(store.release(job.id, owner, Duration.ZERO)))
                            .isEqualTo(holds ? WriteAnswer.OK : WriteAnswer.FENCED);
                    if (holds) {
                        job.state = JobState.QUEUED;
                        job.node = "";
                        job.attempts--;
                    }
                }
                case BEAT -> {
                    BeatAnswer answer = get(store.beat(name(who), List.of(new Holding(job.id, job.believed[who]))))
                            .get(0);
                    assertThat(answer)
                            .isEqualTo(!holds ? BeatAnswer.FENCED : job.cancelled ? BeatAnswer.CANCEL : BeatAnswer.OK);
                    if (holds) {
                        job.state = JobState.RUNNING;
                        job.leaseUntil = now + LEASE;
                    }
                }
                case CANCEL -> cancel(job);
                case RERUN -> {
                    boolean dead = job.state == JobState.FAILED;
                    assertThat(get(store.rerun(job.id))).isEqualTo(dead ? WriteAnswer.OK : WriteAnswer.FENCED);
                    if (dead) {
                        job.state = JobState.QUEUED;
                        job.node = "";
                        job.attempts = 0;
                        job.failures = 0;
                        job.crashes = 0;
                        job.cancelled = false;
                    }
                }
                default -> throw new AssertionError(command);
            }
        }

        private void finish(Expected job, Owner owner, JobEnd end, boolean holds, int who) {
            boolean repeated = job.ownedBy(who) && job.state == end.state();
            assertThat(get(store.finish(job.id, owner, end)))
                    .isEqualTo(holds ? WriteAnswer.OK : repeated ? WriteAnswer.ALREADY : WriteAnswer.FENCED);
            if (holds) {
                job.state = end.state();
            }
        }

        private void cancel(Expected job) {
            CancelAnswer expected = job.state.isTerminal()
                    ? CancelAnswer.TERMINAL
                    : job.state == JobState.RUNNING ? CancelAnswer.REQUESTED : CancelAnswer.CANCELLED;
            assertThat(get(store.cancel(job.id, "why"))).isEqualTo(expected);
            if (expected != CancelAnswer.TERMINAL) {
                job.cancelled = true;
            }
            if (expected == CancelAnswer.CANCELLED) {
                job.state = JobState.CANCELLED;
            }
        }
    }
}
