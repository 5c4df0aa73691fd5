package dev.aside.offload.redis.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** What all nodes of a test have said, in the order it was heard. Thread-safe. */
final class Journal {
    private final List<Event> events = new ArrayList<>();

    /**
     * Something that happened.
     *
     * @param nanos when it was heard
     */
    record Event(String node, String kind, String jobId, long epoch, String detail, long nanos) {
        boolean is(String ofKind, String ofJob) {
            return kind.equals(ofKind) && jobId.equals(ofJob);
        }
    }

    /** A condition on all that was heard. */
    interface Condition extends Predicate<List<Event>> {}

    /** A recorder for a node in this process. */
    Recorder of(String node) {
        return line -> line(node, line);
    }

    void line(String node, String line) {
        long now = System.nanoTime();
        String[] words = line.split(" ", 4);
        if (words.length < 4) {
            return; // cut off by a kill
        }
        Event event = new Event(node, words[0], words[1], Long.parseLong(words[2]), words[3], now);
        synchronized (this) {
            events.add(event);
        }
    }

    synchronized List<Event> all() {
        return new ArrayList<>(events);
    }

    List<Event> all(String kind) {
        return all().stream().filter(event -> event.kind().equals(kind)).toList();
    }

    /** Jobs that were accepted. */
    List<String> acked() {
        return all("acked").stream().map(Event::jobId).distinct().toList();
    }

    int count(Predicate<Event> which) {
        return (int) all().stream().filter(which).count();
    }

    static Condition atLeast(int number, Predicate<Event> which) {
        return all -> all.stream().filter(which).count() >= number;
    }

    void awaitAll(String what, Duration patience, Condition condition) {
        Awaitility.await(what)
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> condition.test(all()));
    }

    /** Waits for an event and gives it; with several, the first. */
    Event await(String what, Duration patience, Predicate<Event> which) {
        awaitAll(what, patience, atLeast(1, which));
        return first(which).orElseThrow();
    }

    Optional<Event> first(Predicate<Event> which) {
        return all().stream().filter(which).findFirst();
    }
}
