package dev.aside.offload.job;

import java.util.Objects;

/**
 * How far a job has come.
 *
 * @param done units done, 0 or more
 * @param total units in all, 0 when unknown; never below {@code done} unless unknown
 * @param message what is being done, at most {@value #MAX_MESSAGE} characters, may be empty
 */
public record JobProgress(long done, long total, String message) {
    /** The longest message that is kept; more is cut off. */
    public static final int MAX_MESSAGE = 256;

    /** Nothing reported yet. */
    public static final JobProgress NONE = new JobProgress(0, 0, "");

    /**
     * @throws IllegalArgumentException if a number is negative or {@code done} is above a known {@code total}
     */
    public JobProgress {
        Objects.requireNonNull(message, "message");
        if (done < 0 || total < 0 || (total > 0 && done > total)) {
            throw new IllegalArgumentException("progress " + done + "/" + total
                    + " is not between 0 and its total. Hint: report units done first, then units in all; 0 in all means"
                    + " unknown.");
        }
        if (message.length() > MAX_MESSAGE) {
            message = message.substring(0, MAX_MESSAGE);
        }
    }
}
