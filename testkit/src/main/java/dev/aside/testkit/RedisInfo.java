package dev.aside.testkit;

/** Texts of {@code field:value} lines, as {@code INFO} and {@code CLUSTER INFO} answer. */
final class RedisInfo {
    private RedisInfo() {}

    /** The field's value; empty if there is no such field. */
    static String field(String info, String name) {
        String prefix = name + ":";
        return info.lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .findFirst()
                .orElse("");
    }
}
