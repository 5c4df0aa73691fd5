package dev.aside.offload.http.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.aside.offload.CallOptions;
import dev.aside.offload.JobSnapshot;
import dev.aside.offload.OffloadException;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.Outcome;
import dev.aside.offload.http.Answer;
import dev.aside.offload.http.Body;
import dev.aside.offload.http.Headers;
import dev.aside.offload.http.HttpContract;
import dev.aside.offload.http.JobRequest;
import dev.aside.offload.http.JobView;
import dev.aside.offload.http.ResultHead;
import dev.aside.offload.http.StartPlan;
import dev.aside.offload.http.StartRules;
import dev.aside.offload.spi.CancelAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The contract on the JDK's own HTTP server: all that an integration has to do. */
final class ReportServer implements AutoCloseable {
    private static final ResultHead CREATED = new ResultHead(
            201, Headers.builder().add("Content-Type", "text/csv").build());

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final OffloadExecutor offload;
    private final Callable<String> report;
    private final HttpServer server;
    private final HttpContract contract;

    ReportServer(OffloadExecutor offload, Callable<String> report) throws IOException {
        this.offload = offload;
        this.report = report;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        contract = HttpContract.builder().baseUrl(address()).build();
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** An answer, and the operation's own body for when it is wanted. */
    private record Served(Answer answer, String own) {
        static Served of(Answer answer) {
            return new Served(answer, "");
        }
    }

    private Served post(JobRequest request) {
        return contract.start(request, StartRules.standard()).fold(Served::of, plan -> {
            try {
                Outcome<String> outcome = offload.call("report", options(plan), ctx -> report.call());
                return outcome.fold(
                        csv -> new Served(contract.inline(plan, CREATED, outcome.replayed()), csv),
                        job -> Served.of(
                                outcome.replayed()
                                        ? contract.replayed(plan, view(job.status()))
                                        : contract.accepted(plan, view(job.status()))));
            } catch (OffloadException e) {
                return Served.of(contract.refused(request, e));
            } catch (Exception e) {
                throw new IllegalStateException("the report failed in time: what the server does with errors", e);
            }
        });
    }

    private static CallOptions options(StartPlan plan) {
        CallOptions.Builder options =
                CallOptions.builder().threshold(plan.threshold()).onWaitTimeout(plan.onWaitTimeout());
        plan.idempotencyKey("anonymous", "POST /reports").ifPresent(key -> options.idempotencyKey(key, "no payload"));
        return options.build();
    }

    private static JobView view(JobSnapshot found) {
        return JobView.of(found).result(CREATED);
    }

    private Answer get(JobRequest request, String id) {
        return offload.find(id)
                .map(found -> contract.poll(request, view(found)).fold(answer -> answer, hold -> {
                    // a server with asynchronous requests would not wait for the stage, but answer when it completes
                    var changed = offload.awaitChange(id, hold.version(), hold.atMost())
                            .toCompletableFuture()
                            .join();
                    return changed.map(later -> contract.polled(request, view(later)))
                            .orElseGet(() -> contract.notFound(request));
                }))
                .orElseGet(() -> contract.notFound(request));
    }

    private Served result(JobRequest request, String id) {
        return offload.find(id)
                .map(found -> {
                    Answer answer = contract.result(request, view(found));
                    boolean replay = answer.body() instanceof Body.Result;
                    return new Served(answer, replay ? found.result(String.class) : "");
                })
                .orElseGet(() -> Served.of(contract.notFound(request)));
    }

    private Answer delete(JobRequest request, String id) {
        return offload.find(id)
                .map(found -> contract.cancel(request, view(found)).fold(answer -> answer, order -> {
                    CancelAnswer met = offload.cancel(order.jobId(), "by its owner");
                    return contract.cancelled(
                            request, met, view(offload.find(id).orElse(found)));
                }))
                .orElseGet(() -> contract.notFound(request));
    }

    private void serve(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        JobRequest request =
                new JobRequest(Headers.of(exchange.getRequestHeaders()), query == null ? "" : query, false);
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        try (exchange) {
            if (path[1].equals("reports")) {
                write(exchange, post(request));
            } else if (exchange.getRequestMethod().equals("DELETE")) {
                write(exchange, Served.of(delete(request, path[2])));
            } else {
                write(exchange, path.length > 3 ? result(request, path[2]) : Served.of(get(request, path[2])));
            }
        }
    }

    private static void write(HttpExchange exchange, Served served) throws IOException {
        exchange.getResponseHeaders().putAll(served.answer().headers().toMap());
        String text = served.answer().body() instanceof Body.Document document ? document.toJson() : served.own();
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(served.answer().status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
