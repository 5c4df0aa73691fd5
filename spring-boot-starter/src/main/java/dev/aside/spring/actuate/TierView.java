package dev.aside.spring.actuate;

import java.util.Map;

/** What operators are shown of the level that nodes share. Thread-safe; asks nobody but this process. */
public interface TierView {

    /** What is shown if there is no such level, or one that tells nothing. */
    TierView NONE = new TierView() {
        @Override
        public Map<String, Object> summary() {
            return Map.of("redis", "none");
        }

        @Override
        public Map<String, Object> report() {
            return summary();
        }
    };

    /** How it is now, in a few words and figures, by name. */
    Map<String, Object> summary();

    /** The summary, and all figures behind it. */
    Map<String, Object> report();
}
