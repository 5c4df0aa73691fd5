package dev.aside.cache.redis.torture;

/**
 * What an oracle saw.
 *
 * @param slice the part of the history around it; empty if there is none
 */
record Violation(Oracle oracle, String what, String slice) {
    @Override
    public String toString() {
        return oracle + ": " + what + (slice.isEmpty() ? "" : "\n" + slice.indent(4));
    }
}
