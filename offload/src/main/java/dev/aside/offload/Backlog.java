package dev.aside.offload;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The waiting work of one type: who has the smallest order goes first, see {@link Execution#compareTo}. New work of one
 * priority comes in that order already, so it is queued without a search; only what comes back is sorted in.
 *
 * <p>Guarded by the dispatcher's lock.
 */
final class Backlog {
    private final ArrayDeque<Execution<?>> high = new ArrayDeque<>();
    private final ArrayDeque<Execution<?>> normal = new ArrayDeque<>();
    private final ArrayDeque<Execution<?>> low = new ArrayDeque<>();
    private final List<ArrayDeque<Execution<?>>> newcomers = List.of(high, normal, low);
    private final PriorityQueue<Execution<?>> returners = new PriorityQueue<>();
    private int size;

    int size() {
        return size;
    }

    /** Takes work in that has been here before, or somewhere else. */
    void add(Execution<?> execution) {
        size++;
        ArrayDeque<Execution<?>> queue = queue(execution);
        Execution<?> last = queue.peekLast();
        (last == null || execution.compareTo(last) > 0 ? queue : returners).add(execution);
    }

    /** Takes new work in; it goes behind what came in before it with its priority. */
    void addNew(Execution<?> execution) {
        size++;
        ArrayDeque<Execution<?>> queue = queue(execution);
        Execution<?> last = queue.peekLast();
        if (last != null && execution.order - last.order < 0) {
            execution.order = last.order; // callers look at the clock before they come in, and not always in turn
        }
        queue.add(execution);
    }

    private ArrayDeque<Execution<?>> queue(Execution<?> execution) {
        return switch (execution.priority) {
            case HIGH -> high;
            case NORMAL -> normal;
            case LOW -> low;
        };
    }

    @Nullable Execution<?> poll() {
        Queue<Execution<?>> best = returners;
        Execution<?> first = returners.peek();
        for (int i = 0; i < newcomers.size(); i++) {
            Execution<?> other = newcomers.get(i).peek();
            if (goesFirst(other, first)) {
                first = other;
                best = newcomers.get(i);
            }
        }
        if (first != null) {
            best.remove();
            size--;
        }
        return first;
    }

    private static boolean goesFirst(@Nullable Execution<?> one, @Nullable Execution<?> other) {
        return one != null && (other == null || one.compareTo(other) < 0);
    }

    boolean remove(Execution<?> execution) {
        boolean removed = queue(execution).remove(execution) || returners.remove(execution);
        if (removed) {
            size--;
        }
        return removed;
    }

    void collect(Collection<Execution<?>> into) {
        newcomers.forEach(into::addAll);
        into.addAll(returners);
    }
}
