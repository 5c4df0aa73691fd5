package dev.aside.offload.http;

/** Media types of bodies that the contract makes. */
final class MediaTypes {
    static final String JOB = "application/vnd.aside.job+json";
    static final String PROBLEM = "application/problem+json";
    static final String JSON = "application/json";
    static final String EVENTS = "text/event-stream";

    private MediaTypes() {}

    /** What a status document is sent as: by its own name only to those who know it. */
    static String ofDocument(Accept accept) {
        return accept.names(JOB) ? JOB : JSON;
    }

    /** What a problem is sent as; errors are answered even to those who accept neither. */
    static String ofProblem(Accept accept) {
        return accept.refuses(PROBLEM) ? JSON : PROBLEM;
    }
}
