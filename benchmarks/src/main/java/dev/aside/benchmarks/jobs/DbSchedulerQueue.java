package dev.aside.benchmarks.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** db-scheduler on PostgreSQL: as it comes, or with the polling that its authors advise for throughput. */
final class DbSchedulerQueue implements JobQueue {
    private static final int BATCH = 200;
    private static final List<String> TABLE = List.of(
            "DROP TABLE IF EXISTS scheduled_tasks",
            "CREATE TABLE scheduled_tasks (task_name text NOT NULL, task_instance text NOT NULL, task_data bytea,"
                    + " execution_time timestamp with time zone NOT NULL, picked boolean NOT NULL, picked_by text,"
                    + " last_success timestamp with time zone, last_failure timestamp with time zone,"
                    + " consecutive_failures int, last_heartbeat timestamp with time zone, version bigint NOT NULL,"
                    + " priority smallint, PRIMARY KEY (task_name, task_instance))",
            "CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time)",
            "CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)");

    private final HikariDataSource pool;
    private final Duration poll;
    private final boolean batches;
    private final boolean locking;
    private final OneTimeTask<String> task =
            Tasks.oneTime("bench", String.class).execute((instance, context) -> Starts.begun());
    private final SchedulerClient client;
    private @Nullable Scheduler worker;

    DbSchedulerQueue(String jdbcUrl, int workers, Duration poll, boolean batches, boolean locking) throws SQLException {
        this.pool = Database.pool(jdbcUrl, workers);
        this.poll = poll;
        this.batches = batches;
        this.locking = locking;
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : TABLE) {
                statement.execute(sql);
            }
        }
        this.client = SchedulerClient.Builder.create(pool, task).build();
    }

    private TaskInstance<String> job() {
        return task.instance(UUID.randomUUID().toString(), Payloads.TEXT);
    }

    @Override
    public void accept(int jobs) throws Exception {
        if (!batches) {
            Database.enqueue(jobs, () -> client.scheduleIfNotExists(job(), Instant.now()));
            return;
        }
        for (int done = 0; done < jobs; done += BATCH) {
            List<TaskInstance<?>> batch = IntStream.range(done, Math.min(jobs, done + BATCH))
                    .<TaskInstance<?>>mapToObj(i -> job())
                    .toList();
            client.scheduleBatch(batch, Instant.now());
        }
    }

    @Override
    public void work(int workers) {
        SchedulerBuilder options = Scheduler.create(pool, task).threads(workers).pollingInterval(poll);
        Scheduler scheduler =
                (locking ? options.pollUsingLockAndFetch(0.5, 4.0) : options.enableImmediateExecution()).build();
        worker = scheduler;
        scheduler.start();
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.stop();
        }
        pool.close();
    }
}
