package reports;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs the application, and ends with an error unless it answers as the README says. */
public class Run {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public static void main(String[] args) throws Exception {
        try (ConfigurableApplicationContext app =
                SpringApplication.run(Reports.class, "--server.port=0", "--server.shutdown=immediate")) {
            String address = "http://localhost:" + app.getEnvironment().getProperty("local.server.port");
            HttpRequest.Builder post = HttpRequest.newBuilder(URI.create(address + "/reports"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"month\":\"2026-11\"}"));

            HttpResponse<String> accepted = send(post);
            expect(accepted.statusCode(), 202, "a slow report");
            String job = accepted.headers().firstValue("Location").orElseThrow();
            expect(job.startsWith(address + "/jobs/"), true, "the job has an absolute address");

            HttpResponse<String> over = send(HttpRequest.newBuilder(URI.create(job)));
            while (over.statusCode() == 202) {
                over = send(HttpRequest.newBuilder(URI.create(job)).header("Prefer", "wait=20"));
            }
            expect(over.statusCode(), 303, "the job when it is over");
            String result = over.headers().firstValue("Location").orElseThrow();
            expect(send(HttpRequest.newBuilder(URI.create(result))).body(),
                    "{\"month\":\"2026-11\",\"pages\":12}", "its result");

            HttpResponse<String> patient = send(post.header("Prefer", "wait=30"));
            expect(patient.statusCode(), 200, "a client that waits");
            expect(patient.body(), "{\"month\":\"2026-11\",\"pages\":12}", "its answer");
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static void expect(Object is, Object wanted, String what) {
        if (!wanted.equals(is)) {
            throw new AssertionError(what + ": expected " + wanted + " but it is " + is);
        }
        System.out.println(what + ": " + is);
    }
}
