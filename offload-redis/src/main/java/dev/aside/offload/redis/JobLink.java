package dev.aside.offload.redis;

import dev.aside.offload.job.JobProblem;
import dev.aside.offload.spi.TimeSource;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The connections of a store and what is done over them in the background: with every tick the signals are checked, and
 * once a minute each shard is audited. Thread-safe.
 */
final class JobLink implements TicketReader.Host {
    private static final System.Logger LOG = System.getLogger(RedisJobStore.class.getName());
    private static final String LOST = RecordFields.text(JobProblem.lost());
    private static final long AUDIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final RedisJobOptions options;
    private final Deployment deployment;
    private final TimeSource time;
    private final Keeper<Deployment.Commands> commands;
    private final Calls calls;
    private final SignalHub signals;
    private final EndWriter endWriter;
    private final RecentEnds ends;
    private final Held held;
    private final List<TicketReader> readers;
    private final ClaimLoop claims;
    private final Lists lists;
    private final Audit audit;
    private final Replication replication;
    private final Aftermath aftermath;
    private final boolean ownTime;
    private volatile long auditedNanos;
    private volatile boolean started;
    private volatile boolean closed;

    JobLink(RedisJobOptions options, Deployment deployment, boolean ownTime) {
        this.ownTime = ownTime;
        this.options = options;
        this.deployment = deployment;
        this.time = options.time();
        this.commands = new Keeper<>(
                () -> deployment.commands().thenCompose(opened -> Preparation.of(options, deployment, opened, started)),
                opened -> opened.connection().closeAsync(),
                time);
        this.calls = new Calls(commands, options);
        this.signals = new SignalHub(deployment, options);
        this.endWriter = new EndWriter(calls, options);
        this.ends = new RecentEnds(time);
        this.held = new Held(options);
        this.readers = IntStream.range(0, options.layout().shards())
                .mapToObj(shard -> new TicketReader(shard, options.layout().prefix(shard), this, time))
                .toList();
        this.claims = new ClaimLoop(calls, options, readers, signals, held);
        this.lists = new Lists(calls, options.layout());
        this.audit = new Audit(calls, options);
        this.replication = new Replication(calls, deployment, options);
        this.auditedNanos = time.nanoTime();
        this.aftermath = new Aftermath(calls, endWriter, options, ends, held, signals::missed);
        deployment.onConnection(aftermath::connected, aftermath::lost);
    }

    /** Waits for the first connections. */
    void start() {
        Keeper.join(commands::get, options);
        Keeper.join(signals::connect, options);
        started = true;
    }

    Calls calls() {
        return calls;
    }

    ClaimLoop claims() {
        return claims;
    }

    SignalHub signals() {
        return signals;
    }

    EndWriter endWriter() {
        return endWriter;
    }

    RecentEnds ends() {
        return ends;
    }

    Held held() {
        return held;
    }

    Lists lists() {
        return lists;
    }

    Audit audit() {
        return audit;
    }

    CompletionStage<String> submit(String type, int shard, List<Object> job) {
        return replication.submit(type, shard, job);
    }

    CompletionStage<Integer> tick() {
        long now = time.nanoTime();
        if (now - auditedNanos > AUDIT_NANOS) {
            auditedNanos = now;
            audit.runUnlessJustDone().whenComplete((repairs, failure) -> {
                if (failure != null) {
                    LOG.log(System.Logger.Level.WARNING, "the audit of jobs in Redis failed", failure);
                }
            });
        }
        signals.check().whenComplete((pong, failure) -> {
            if (failure != null) {
                LOG.log(System.Logger.Level.DEBUG, "signals of jobs are not heard at the moment", failure);
            }
        });
        return held.isJustBack() ? CompletableFuture.completedFuture(0) : lookForLostOwners();
    }

    private CompletionStage<Integer> lookForLostOwners() {
        List<CompletableFuture<Long>> shards = new ArrayList<>();
        for (int shard = 0; shard < readers.size(); shard++) {
            shards.add(calls.<Long>eval(
                            JobScript.TICK,
                            shard,
                            ScriptOutputType.INTEGER,
                            options.limits().crashes(),
                            LOST,
                            options.times().lease().toMillis(),
                            options.layout().shards())
                    .toCompletableFuture());
        }
        return RedisJobStore.any(shards)
                .thenApply(done -> shards.stream()
                        .filter(lost -> !lost.isCompletedExceptionally())
                        .mapToInt(lost -> (int) (long) lost.join())
                        .sum());
    }

    // ---- for the ticket readers

    @Override
    public CompletionStage<StatefulRedisConnection<String, byte[]>> connect(String key) {
        return commands.get().thenCompose(ready -> deployment.primaryOf(key)); // a cluster's slots are known by then
    }

    @Override
    public void unblock(String key, long clientId) {
        commands.get()
                .thenCompose(ready -> deployment.unblock(ready, key, clientId))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.log(System.Logger.Level.DEBUG, "a read of tickets could not be woken", failure);
                    }
                });
    }

    @Override
    public void ready(String type) {
        signals.ready(type);
    }

    @Override
    public void pass(int shard, String type, List<String> tickets) {
        List<Object> args = new ArrayList<>(List.of(type));
        args.addAll(tickets);
        calls.eval(JobScript.PASS, shard, ScriptOutputType.INTEGER, args.toArray())
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.log(System.Logger.Level.DEBUG, "tickets could not be given back; a tick does it", failure);
                    }
                });
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        aftermath.close();
        readers.forEach(TicketReader::close);
        signals.close();
        calls.close();
        replication.close();
        commands.close();
        deployment.close();
        if (ownTime) {
            time.close();
        }
    }
}
