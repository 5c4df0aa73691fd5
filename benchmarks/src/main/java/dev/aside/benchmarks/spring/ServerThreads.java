package dev.aside.benchmarks.spring;

import java.util.Map;
import java.util.stream.Stream;

/** What the threads of Tomcat do, by thread dumps taken at a fixed pause on a thread of its own until it is closed. */
final class ServerThreads implements AutoCloseable {
    private static final long PAUSE_MILLIS = 50;

    private final Thread watch = new Thread(this::run, "thread-dumps");
    private volatile boolean closed;
    private Seen seen = new Seen(0, 0, 0, 0);

    /**
     * Sums over all dumps.
     *
     * @param dumps how many there were
     * @param inReport threads that stood in the code of a report
     * @param waiting threads that waited for anything while they served a request
     * @param mostInReport the most of a single dump
     */
    record Seen(int dumps, int inReport, int waiting, int mostInReport) {
        private Seen with(int report, int waits) {
            return new Seen(dumps + 1, inReport + report, waiting + waits, Math.max(mostInReport, report));
        }

        Seen plus(Seen other) {
            return new Seen(
                    dumps + other.dumps,
                    inReport + other.inReport,
                    waiting + other.waiting,
                    Math.max(mostInReport, other.mostInReport));
        }
    }

    /** Begins. */
    static ServerThreads watch() {
        ServerThreads threads = new ServerThreads();
        threads.watch.setDaemon(true);
        threads.watch.start();
        return threads;
    }

    private void run() {
        try {
            while (!closed) {
                Thread.sleep(PAUSE_MILLIS);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    private void look() {
        int inReport = 0;
        int waiting = 0;
        for (Map.Entry<Thread, StackTraceElement[]> dump :
                Thread.getAllStackTraces().entrySet()) {
            if (!dump.getKey().getName().contains("-exec-")) {
                continue;
            }
            inReport += stands(dump.getValue(), ReportServer.App.Reports.class.getName(), "render") ? 1 : 0;
            boolean serves = stands(dump.getValue(), "org.springframework.web.servlet.DispatcherServlet", "doDispatch");
            waiting += serves && dump.getKey().getState() != Thread.State.RUNNABLE ? 1 : 0;
        }
        seen = seen.with(inReport, waiting);
    }

    private static boolean stands(StackTraceElement[] stack, String type, String method) {
        return Stream.of(stack)
                .anyMatch(frame -> frame.getClassName().equals(type)
                        && frame.getMethodName().equals(method));
    }

    /** Ends, and tells. */
    Seen end() {
        close();
        return seen;
    }

    @Override
    public void close() {
        closed = true;
        try {
            watch.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
