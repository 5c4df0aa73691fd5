package dev.aside.offload.spi;

import java.util.Map;

/**
 * What a process could start now.
 *
 * @param node the process
 * @param room how many of each type it has permits for, each 1 or more
 * @param max how many it has workers for in all, 1 or more
 */
public record ClaimRequest(String node, Map<String, Integer> room, int max) {
    public ClaimRequest {
        room = Map.copyOf(room);
    }
}
