package dev.aside.offload;

/** The executor is closing or closed and takes nothing new. */
public final class ExecutorClosedException extends OffloadException {
    private static final long serialVersionUID = 1;

    ExecutorClosedException(String what) {
        super("the offload executor is closed, so " + what + " is refused.", null);
    }
}
