package dev.aside.benchmarks.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.benchmarks.spring.ReportUsers.Habits;
import dev.aside.benchmarks.spring.ServerThreads.Seen;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of {@link ServletUsersMain}: what is true on any machine, however busy. */
@Timeout(120)
class ServletUsersTest {
    private static final Habits HABITS = new Habits(Duration.ofMillis(200), 30);
    private static ReportServer server;

    @BeforeAll
    static void start() {
        server = ReportServer.start(Duration.ofMillis(400), 50);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Seen round(ReportUsers users) {
        try (ServerThreads threads = ServerThreads.watch()) {
            users.round(60, Duration.ofSeconds(2));
            return threads.end();
        }
    }

    private static ReportUsers users(String path) {
        return new ReportUsers(ReportUsers.client(), server.url(), path, HABITS);
    }

    @Test
    void offloadedReports_ofManyUsers_areAllDoneAndHoldNoThread() {
        ReportUsers users = users("/reports/offloaded");
        Seen threads = round(users);
        assertThat(users.failures).isEmpty();
        assertThat(users.jobs.get())
                .isEqualTo((int) users.reports.getTotalCount())
                .isPositive();
        assertThat(threads.dumps()).isPositive();
        assertThat(threads.inReport()).isZero();
    }

    @Test
    void plainReports_ofManyUsers_areSeenToHoldThreads() {
        ReportUsers users = users("/reports/plain");
        Seen threads = round(users);
        assertThat(users.failures).isEmpty();
        assertThat(users.jobs.get()).isZero();
        assertThat(threads.mostInReport()).isPositive().isLessThanOrEqualTo(ReportServer.THREADS);
    }
}
