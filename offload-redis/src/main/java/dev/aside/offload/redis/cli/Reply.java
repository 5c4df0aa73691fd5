package dev.aside.offload.redis.cli;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a command answers, in both forms.
 *
 * @param json for programs
 * @param lines for people
 * @param note what goes to the error stream beside it, may be empty
 */
record Reply(JsonNode json, List<String> lines, String note) {
    static Reply of(JsonNode json, String line) {
        return new Reply(json, List.of(line), "");
    }
}
