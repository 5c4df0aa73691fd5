package dev.aside.benchmarks.jobs;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.gson.GsonJsonMapper;
import org.jspecify.annotations.Nullable;

/** JobRunr on PostgreSQL. */
final class JobRunrQueue implements JobQueue {
    private final HikariDataSource pool;
    private final Duration poll;
    private final boolean batches;
    private final JsonMapper mapper = new GsonJsonMapper();
    private final PostgresStorageProvider storage;
    private final JobScheduler scheduler;
    private @Nullable BackgroundJobServer server;

    JobRunrQueue(String jdbcUrl, int workers, Duration poll, boolean batches) {
        this.pool = Database.pool(jdbcUrl, workers);
        this.poll = poll;
        this.batches = batches;
        this.storage = new PostgresStorageProvider(pool);
        storage.setJobMapper(new JobMapper(mapper));
        this.scheduler = new JobScheduler(storage);
    }

    @Override
    public void accept(int jobs) throws Exception {
        if (batches) {
            scheduler.enqueue(IntStream.range(0, jobs).mapToObj(i -> Payloads.TEXT), text -> Starts.begun(text));
            return;
        }
        String payload = Payloads.TEXT;
        Database.enqueue(jobs, () -> scheduler.enqueue(() -> Starts.begun(payload)));
    }

    @Override
    public void work(int workers) {
        BackgroundJobServer started = new BackgroundJobServer(
                storage,
                mapper,
                null,
                BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(workers)
                        .andPollInterval(poll));
        server = started;
        started.start();
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop();
        }
        storage.close();
        pool.close();
    }
}
