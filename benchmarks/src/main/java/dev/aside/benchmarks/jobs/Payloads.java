package dev.aside.benchmarks.jobs;

/** The payload of all jobs: a hundred characters. */
final class Payloads {
    static final String TEXT = "x".repeat(100);

    private Payloads() {}
}
