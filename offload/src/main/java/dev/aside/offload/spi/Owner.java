package dev.aside.offload.spi;

import java.util.Objects;

/**
 * Who holds a running job. A write that carries another owner than the record is refused, so a process that was
 * paused cannot overwrite the work of the one that took over.
 *
 * @param node the process
 * @param epoch the claim; a later claim of the same job has a larger one
 */
public record Owner(String node, long epoch) {
    public Owner {
        Objects.requireNonNull(node, "node");
    }
}
