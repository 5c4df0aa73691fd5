package dev.aside.cache.redis.torture;

import java.util.ArrayList;
import java.util.List;

/**
 * The code with a guard switched off.
 *
 * @param guard what is switched off
 * @param killer the scenario that must see it, {@code Class.method}
 * @param oracle the oracle that must go red there
 * @param masks further guards that would hide the loss, off in the control too; the control must stay green
 * @param edits what is changed
 */
record Mutant(String guard, String killer, Oracle oracle, List<Edit> masks, List<Edit> edits) {

    /** A change of one source file: a text that occurs exactly once there, and what stands in its place. */
    record Edit(String file, String was, String becomes) {}

    static Mutant of(String guard, String killer, Oracle oracle, Edit... edits) {
        return new Mutant(guard, killer, oracle, List.of(), List.of(edits));
    }

    Mutant maskedBy(Edit... others) {
        return new Mutant(guard, killer, oracle, List.of(others), edits);
    }

    /** All that is off when the killer must be red. */
    List<Edit> all() {
        List<Edit> all = new ArrayList<>(masks);
        all.addAll(edits);
        return all;
    }

    @Override
    public String toString() {
        return guard + " -> " + killer + " (" + oracle + ")";
    }
}
