package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.JobContext;
import dev.aside.offload.annotation.Offload;
import dev.aside.spring.offload.web.WebNode.Reply;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The commands of the README's transcript are sent, and every line it shows as their answer is one. */
@Timeout(120)
class ReadmeIT {
    private static final Pattern BLOCK = Pattern.compile("```console\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern HEADER = Pattern.compile("([A-Z][A-Za-z-]+)(: .*)");
    private static final Pattern ID = Pattern.compile("jb_[0-9A-Za-z]{28}");

    @RestController
    static class Example {
        record Query(String month) {}

        record Report(String month, int pages) {}

        @PostMapping("/reports")
        @Offload
        Report create(@RequestBody Query query, JobContext job) throws InterruptedException {
            for (int page = 1; page <= 12; page++) {
                Thread.sleep(100); // your slow work
                job.progress(page, 12);
            }
            return new Report(query.month(), 12);
        }
    }

    @Test
    void transcript_ofTheReadme_isWhatCurlShows() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        Matcher block = BLOCK.matcher(readme);
        assertThat(block.find()).isTrue();
        try (OffloadApp app = OffloadApp.start(List.of(Example.class), "aside.offload.http.hosts=localhost")) {
            String id = "";
            for (String part : block.group(1).split("(?m)^\\$ ", -1)) {
                if (part.isBlank()) {
                    continue;
                }
                String[] lines = part.replace("localhost:8080", "localhost:" + app.port())
                        .strip()
                        .split("\n", -1);
                String answer = answer(
                        app, id.isEmpty() ? lines[0] : ID.matcher(lines[0]).replaceAll(id));
                Matcher given = ID.matcher(answer);
                id = id.isEmpty() && given.find() ? given.group() : id;
                for (int i = 1; i < lines.length; i++) {
                    assertThat(answer.lines())
                            .contains(plain(ID.matcher(lines[i]).replaceAll(id)));
                }
            }
            assertThat(id).isNotEmpty();
        }
    }

    /** What curl would print, headers and body. */
    private static String answer(OffloadApp app, String command) {
        List<String> words = WORD.matcher(command)
                .results()
                .map((MatchResult word) -> word.group(1) == null ? word.group(2) : word.group(1))
                .toList();
        String address = words.stream()
                .filter(word -> word.contains("localhost"))
                .map(word -> word.startsWith("http") ? word : "http://" + word)
                .findFirst()
                .orElseThrow();
        HttpRequest.Builder request = app.request(address);
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("-H")) {
                String[] header = words.get(i + 1).split(": ", 2);
                request.header(header[0], header[1]);
            } else if (words.get(i).equals("-d")) {
                request.POST(BodyPublishers.ofString(words.get(i + 1)));
            }
        }
        Reply reply = app.send(request);
        while (words.contains("-iL") && reply.status() == 202) { // until it is "a second later"
            reply = app.get(address, "Prefer", "wait=1");
        }
        StringBuilder printed = print(reply);
        if (words.contains("-iL") && reply.status() == 303) {
            printed.append(print(app.get(reply.header("Location"))));
        }
        return printed.toString();
    }

    /** The JDK's client gives the names of headers in lower case. */
    private static String plain(String line) {
        Matcher header = HEADER.matcher(line);
        return header.matches() ? header.group(1).toLowerCase(Locale.ROOT) + header.group(2) : line;
    }

    private static StringBuilder print(Reply reply) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + reply.status() + "\n");
        reply.response()
                .headers()
                .map()
                .forEach((name, values) -> values.forEach(
                        value -> text.append(name).append(": ").append(value).append('\n')));
        return text.append(reply.body()).append('\n');
    }
}
