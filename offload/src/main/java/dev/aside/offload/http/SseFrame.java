package dev.aside.offload.http;

import java.time.Duration;

/** Writes server-sent events as the HTML standard defines them; each ends with an empty line. */
final class SseFrame {
    private SseFrame() {}

    /** The data may have several lines; the name is one of ours. */
    static String event(long id, String name, String data) {
        StringBuilder frame = new StringBuilder(data.length() + 48);
        frame.append("id: ")
                .append(id)
                .append('\n')
                .append("event: ")
                .append(name)
                .append('\n');
        for (String line : data.split("\r\n|\r|\n", -1)) {
            frame.append("data: ").append(line).append('\n');
        }
        return frame.append('\n').toString();
    }

    /** When a reader comes back after it lost the connection. */
    static String retry(Duration pause) {
        return "retry: " + pause.toMillis() + "\n\n";
    }
}
