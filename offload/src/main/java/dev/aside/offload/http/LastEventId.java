package dev.aside.offload.http;

import java.util.List;

/** The {@code Last-Event-ID} of a reader of events who comes back: the version of the job it saw last. */
final class LastEventId {
    /** It saw nothing, or says something that no stream of ours sent. */
    static final long NONE = -1;

    private LastEventId() {}

    static long parse(List<String> lines) {
        String text = lines.size() == 1 ? lines.get(0) : "";
        return text.length() <= 18 && HeaderScanner.isNumber(text) ? Long.parseLong(text) : NONE;
    }
}
