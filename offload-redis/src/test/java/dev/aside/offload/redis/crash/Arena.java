package dev.aside.offload.redis.crash;

import dev.aside.offload.JobStoreException;
import dev.aside.offload.job.JobRecord;
import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.JobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A namespace, the nodes that share it, a client that hands jobs in, and the journal of all of them. One thread. */
final class Arena implements AutoCloseable {
    /** What recovery may take beyond the lease: 5 s, and what the machine takes for itself. */
    static final Duration GRACE = Duration.ofSeconds(7);

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final AtomicInteger NEXT = new AtomicInteger();

    final NodeOptions options;
    final Journal journal = new Journal();
    final Node client;
    private final List<Runnable> open = new ArrayList<>();
    private int nodes;
    private int refused;

    /** @param options as for {@link NodeOptions#of}, with the namespace made the arena's own */
    Arena(NodeOptions options) {
        this.options = options;
        this.client = new Node(options, journal.of("client"));
        open.add(client::close);
    }

    static String namespace() {
        return "crash-" + ProcessHandle.current().pid() + '-' + NEXT.incrementAndGet();
    }

    static Arena at(String uri) {
        return new Arena(NodeOptions.of(uri, namespace()));
    }

    /** A node in a process of its own, connected; it takes no jobs yet. */
    NodeProcess process() {
        return process(options);
    }

    NodeProcess process(NodeOptions with) {
        return starting(with).awaitReady();
    }

    /** {@link #process(NodeOptions)} that may not be ready yet. */
    NodeProcess starting(NodeOptions with) {
        NodeProcess process = new NodeProcess("p" + ++nodes, with, journal);
        open.add(process::close);
        return process;
    }

    /** A node in this process, which takes jobs. */
    Node node(NodeOptions with) {
        return node(with, store -> store);
    }

    Node node(NodeOptions with, UnaryOperator<JobStore> wrapping) {
        Node node = new Node(with, journal.of("n" + ++nodes), wrapping);
        open.add(node::close);
        return node.start();
    }

    JobStore store() {
        return client.store();
    }

    JobRecord record(String jobId) {
        return Ends.get(store().find(jobId)).orElseThrow();
    }

    void awaitState(String jobId, JobState state, Duration patience) {
        Awaitility.await(jobId + " to be " + state)
                .atMost(patience)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> record(jobId).state() == state);
    }

    /** Waits for the ends of all accepted jobs and judges them. */
    Verdict end(Duration patience) {
        awaitEnds(patience);
        awaitQuiet();
        return Verdict.of(journal, store());
    }

    /** {@link #end} where the last moments of the data may be lost. */
    Verdict endOfLossy(Duration patience) {
        awaitEnds(patience);
        awaitQuiet();
        return Verdict.of(journal, store(), journal.acked(), true);
    }

    /** Hands a job in, again and again until it is accepted; its id. */
    String submitPatiently(Work work) {
        String[] id = new String[1];
        Awaitility.await("a job to be accepted")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    try {
                        id[0] = client.enqueue(work).id();
                    } catch (JobStoreException e) {
                        refused++;
                    }
                    return id[0] != null;
                });
        return id[0];
    }

    /** How often {@link #submitPatiently} was refused. */
    int refused() {
        return refused;
    }

    private void awaitEnds(Duration patience) {
        try {
            Ends.await(store(), journal.acked(), patience);
        } catch (ConditionTimeoutException e) {
            List<JobRecord> pending = Ends.of(store(), journal.acked()).stream()
                    .flatMap(Optional::stream)
                    .filter(job -> !job.state().isTerminal())
                    .limit(5)
                    .toList();
            List<Journal.Event> said = journal.all().stream()
                    .filter(event -> pending.stream().anyMatch(job -> job.id().equals(event.jobId())))
                    .toList();
            throw new AssertionError("jobs that never ended: " + pending + "\n" + said, e);
        }
    }

    /** An end is in Redis before its node has heard so: lets the last answers come in. */
    private void awaitQuiet() {
        Awaitility.await("the last answers").atMost(PATIENCE).until(() -> {
            int before = journal.all().size();
            Awaitility.await().pollDelay(Duration.ofMillis(200)).until(() -> true);
            return journal.all().size() == before;
        });
    }

    @Override
    public void close() {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).run();
        }
    }
}
