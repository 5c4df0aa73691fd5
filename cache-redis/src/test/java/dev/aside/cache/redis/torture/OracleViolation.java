package dev.aside.cache.redis.torture;

/** Something that must not be, and the oracle that saw it. */
public final class OracleViolation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final Oracle oracle;

    public OracleViolation(Oracle oracle, String what) {
        super(oracle + ": " + what);
        this.oracle = oracle;
    }

    public Oracle oracle() {
        return oracle;
    }
}
