package dev.aside.spring.offload.web;

import dev.aside.offload.JobSnapshot;
import dev.aside.offload.OffloadExecutor;
import dev.aside.offload.http.EventStream;
import dev.aside.offload.http.JobView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/**
 * One client that listens to one job. Between two events nobody holds a thread for it. Its steps follow each other, so
 * the version needs no lock.
 */
final class EventFeed extends ResponseBodyEmitter {
    private static final MediaType TEXT = new MediaType("text", "event-stream", StandardCharsets.UTF_8);

    private final OffloadExecutor offload;
    private final String jobId;
    private final EventStream stream;
    private final Executor threads;
    private volatile long version;
    private volatile boolean left;

    EventFeed(OffloadExecutor offload, String jobId, EventStream stream, Executor threads) {
        super(0L); // a stream ends with its job, or when its reader leaves
        this.offload = offload;
        this.jobId = jobId;
        this.stream = stream;
        this.threads = threads;
        this.version = stream.version();
        onCompletion(() -> left = true);
        threads.execute(this::open);
    }

    @Override
    protected void extendResponse(ServerHttpResponse response) {
        response.setStatusCode(HttpStatusCode.valueOf(stream.answer().status()));
        stream.answer()
                .headers()
                .fields()
                .forEach(field -> response.getHeaders().set(field.name(), field.value()));
    }

    private void open() {
        if (write(stream.opening())) {
            if (stream.isOver()) {
                complete();
            } else {
                listen();
            }
        }
    }

    private void listen() {
        offload.awaitChange(jobId, version, stream.heartbeat())
                .exceptionally(failure -> Optional.empty())
                .thenAccept(found -> threads.execute(() -> heard(found)));
    }

    private void heard(Optional<JobSnapshot> found) {
        if (left) {
            return;
        }
        if (found.isEmpty()) {
            complete(); // the reader comes back, and is told then
            return;
        }
        JobSnapshot job = found.get();
        boolean news = job.record().version() != version;
        version = job.record().version();
        if (write(news ? stream.frame(JobView.of(job)) : EventStream.HEARTBEAT)) {
            if (job.isFinished()) {
                complete();
            } else {
                listen();
            }
        }
    }

    private boolean write(String text) {
        try {
            send(text, TEXT);
            return true;
        } catch (IOException | IllegalStateException gone) {
            left = true; // Spring has been told by its own means
            return false;
        }
    }
}
