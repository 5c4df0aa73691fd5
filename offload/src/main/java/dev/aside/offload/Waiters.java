package dev.aside.offload;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads and callbacks that wait for one event. A stack that is taken as a whole when the event comes; who arrives
 * later is served at once. Lock-free.
 */
final class Waiters extends AtomicReference<Waiters.@Nullable Node> {
    private static final long serialVersionUID = 1;
    private static final Node OVER = new Node(null, null);

    /** Whether the event has come. */
    boolean isOver() {
        return get() == OVER;
    }

    /** The calling thread is unparked when the event comes; nothing happens if it has come. */
    Node addCurrentThread() {
        Node node = new Node(Thread.currentThread(), null);
        add(node);
        return node;
    }

    /** Runs the action when the event comes, on the thread that brings it, or now. It must be short. */
    void add(Runnable action) {
        if (!add(new Node(null, action))) {
            action.run();
        }
    }

    private boolean add(Node node) {
        while (true) {
            Node head = get();
            if (head == OVER) {
                return false;
            }
            // a thread that asks again and again must not leave a chain of its old nodes
            node.next = head != null && head.isDropped() ? head.next : head;
            if (compareAndSet(head, node)) {
                return true;
            }
        }
    }

    /** The event has come. Idempotent. */
    void wakeAll() {
        for (Node node = getAndSet(OVER); node != null && node != OVER; node = node.next) {
            node.fire();
        }
    }

    static final class Node {
        /** Plain: who reads an old one wakes a thread that does not wait, which is allowed. */
        private @Nullable Thread thread;

        private final @Nullable Runnable action;
        private @Nullable Node next;

        private Node(@Nullable Thread thread, @Nullable Runnable action) {
            this.thread = thread;
            this.action = action;
        }

        /** The thread does not wait any more. */
        void drop() {
            thread = null;
        }

        private boolean isDropped() {
            return thread == null && action == null && this != OVER;
        }

        private void fire() {
            if (action != null) {
                action.run();
            } else {
                LockSupport.unpark(thread);
            }
        }
    }
}
