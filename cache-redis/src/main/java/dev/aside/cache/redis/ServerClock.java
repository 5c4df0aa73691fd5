package dev.aside.cache.redis;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the clock of one server says, by a reading of it a moment ago: to read it with each value would double the commands
 * (F. Cristian, Probabilistic clock synchronization, 1989; here only the upper bound is needed).
 *
 * <p>It never says less than the server's clock, so no value is taken for younger than it is; it says more by as long as the
 * request for the reading was on its way, and by 2 ms for what is rounded. A server's clock that is put forward is noticed
 * with the next reading.
 *
 * <p>Thread-safe. Of several readings at a time any will do.
 */
final class ServerClock {
    /** How long a reading is used. */
    static final long GOOD_FOR_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int ROUNDED = 2;

    private final InstantSource calendar;
    private volatile @Nullable Reading last;

    /** @param calendar tells if the ticker stood still because the machine was suspended */
    ServerClock(InstantSource calendar) {
        this.calendar = calendar;
    }

    /**
     * @param sentAt when the request for it was sent, by this node's ticker
     * @param calendarMillis the same by its calendar
     * @param millis what the server said, rounded down
     */
    private record Reading(long sentAt, long calendarMillis, long millis) {}

    /** A request for a reading that is about to be sent. */
    final class Request {
        private final long sentAt;
        private final long calendarMillis = calendar.millis();

        private Request(long now) {
            this.sentAt = now;
        }

        /** Notes what the server says; returns the most that its clock said when it answered. */
        long answered(long millis) {
            last = new Reading(sentAt, calendarMillis, millis);
            return millis + ROUNDED;
        }
    }

    /** @param now by this node's ticker */
    Request request(long now) {
        return new Request(now);
    }

    /** The most that the server's clock says at an instant of this node's ticker; null if it has to be read first. */
    @Nullable Long atMost(long now) {
        Reading reading = last;
        if (reading == null) {
            return null;
        }
        long byCalendar = TimeUnit.MILLISECONDS.toNanos(calendar.millis() - reading.calendarMillis);
        long passed = Math.max(Math.max(0, now - reading.sentAt), byCalendar);
        return passed > GOOD_FOR_NANOS ? null : reading.millis + TimeUnit.NANOSECONDS.toMillis(passed) + ROUNDED;
    }
}
