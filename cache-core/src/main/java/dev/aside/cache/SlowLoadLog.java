package dev.aside.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.aside.cache.proxy.DurationText;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Warns of loads that took longer than their policy's threshold, at most once in ten seconds per cache, with the number
 * of those it kept to itself. Never names keys. Thread-safe: one lock, taken for slow loads only.
 */
final class SlowLoadLog {
    private static final Logger LOG = System.getLogger(SlowLoadLog.class.getName());
    private static final long INTERVAL = Duration.ofSeconds(10).toNanos();

    private final String cache;
    private final Ticker ticker;
    private boolean logged;
    private long loggedAt;
    private long kept;

    SlowLoadLog(String cache, Ticker ticker) {
        this.cache = cache;
        this.ticker = ticker;
    }

    void loaded(TtlPolicy policy, int keys, Duration took) {
        if (policy.slowLoad().isZero() || took.compareTo(policy.slowLoad()) < 0) {
            return;
        }
        long others;
        synchronized (this) {
            long now = ticker.read();
            if (logged && now - loggedAt < INTERVAL) {
                kept++;
                return;
            }
            logged = true;
            loggedAt = now;
            others = kept;
            kept = 0;
        }
        LOG.log(
                Level.WARNING,
                () -> "cache '" + cache + "': a load of " + keys + " key(s) took " + DurationText.format(took)
                        + " (threshold " + DurationText.format(policy.slowLoad()) + ")"
                        + (others == 0 ? "" : "; " + others + " more since the last message"));
    }
}
