package dev.aside.offload.http;

/**
 * What the address of a job answers when the job is over. {@code ?redirect=false} and {@code Accept:
 * application/vnd.aside.job+json} get the status document under each of them.
 */
public enum CompletionProfile {
    /** 303 to the result. For browsers, curl, and clients that follow {@code Operation-Location}. */
    REDIRECT,
    /** The result itself with its own status. For clients that poll {@code Location} and take a redirect for a failure. */
    RESULT,
    /** 200 with the status document. For clients that look into it. */
    STATUS
}
