package dev.aside.offload.http;

import java.nio.charset.StandardCharsets;

/**
 * The addresses of one job.
 *
 * @param self its status
 */
record JobLinks(String self) {
    /** Under the address of all jobs; whatever the id, it stays one path segment. */
    static JobLinks of(String jobs, String id) {
        StringBuilder self = new StringBuilder(jobs).append('/');
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (isPlain(c)) {
                self.append(c);
            } else {
                self.append(String.format("%%%02X", (int) c));
            }
        }
        return new JobLinks(self.toString());
    }

    private static boolean isPlain(char c) {
        return HeaderScanner.isDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    }

    /** Always the document: what {@code Operation-Location} says. */
    String document() {
        return self + "?redirect=false";
    }

    String result() {
        return self + "/result";
    }

    String events() {
        return self + "/events";
    }
}
