package dev.aside.spring.offload.web;

import dev.aside.offload.JobSnapshot;
import dev.aside.offload.http.Headers;
import dev.aside.offload.http.JobView;
import dev.aside.offload.job.Payload;
import java.util.function.Function;

/**
 * A job as it was found, and the body of its result.
 *
 * @param view for the contract
 * @param body empty unless there is a result
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares jobs
record FoundJob(JobView view, byte[] body) {
    private static final byte[] NOTHING = new byte[0];

    /** A job of an endpoint. */
    static FoundJob of(JobSnapshot found) {
        return of(found, value -> new StoredResponse(200, Headers.NONE, NOTHING));
    }

    /**
     * Any job.
     *
     * @param written makes an answer of a result that is an object of this process
     */
    static FoundJob of(JobSnapshot found, Function<Object, StoredResponse> written) {
        JobView view = JobView.of(found);
        Payload result = found.resultPayload().orElse(null);
        if (result == null || (!result.isEncoded() && result.value() == null)) {
            return new FoundJob(view, NOTHING);
        }
        StoredResponse response = response(result, written);
        return new FoundJob(view.result(response.head()), response.body());
    }

    private static StoredResponse response(Payload result, Function<Object, StoredResponse> written) {
        Object value = result.value();
        if (value != null) {
            return value instanceof StoredResponse response ? response : written.apply(value);
        }
        if (result.contentType().equals(StoredResponse.CONTENT_TYPE)) {
            return StoredResponse.of(result);
        }
        Headers type =
                Headers.builder().add("Content-Type", result.contentType()).build();
        return new StoredResponse(200, type, result.bytes());
    }
}
