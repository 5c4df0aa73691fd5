package dev.aside.benchmarks.jobs;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the queues on PostgreSQL have in common: a pool of connections, and threads that enqueue one job after the other. */
final class Database {
    private static final int PRODUCERS = 16;

    private Database() {}

    /** What one of the threads does again and again. */
    interface Enqueue {
        void one();
    }

    static HikariDataSource pool(String jdbcUrl, int workers) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(Math.max(PRODUCERS, workers) + 4);
        return new HikariDataSource(config);
    }

    static void enqueue(int jobs, Enqueue enqueue) throws Exception {
        int producers = Math.min(PRODUCERS, jobs);
        ExecutorService threads = Executors.newFixedThreadPool(producers);
        try {
            List<Future<?>> parts = new ArrayList<>();
            for (int producer = 0; producer < producers; producer++) {
                int part = jobs / producers + (producer < jobs % producers ? 1 : 0);
                parts.add(threads.submit(() -> {
                    for (int i = 0; i < part; i++) {
                        enqueue.one();
                    }
                }));
            }
            for (Future<?> part : parts) {
                part.get();
            }
        } finally {
            threads.shutdown();
        }
    }
}
