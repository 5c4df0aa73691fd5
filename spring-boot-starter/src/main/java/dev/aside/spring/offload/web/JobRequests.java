package dev.aside.spring.offload.web;

import dev.aside.offload.http.Headers;
import dev.aside.offload.http.JobRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;

/** Requests as the contract reads them. */
final class JobRequests {
    private JobRequests() {}

    static JobRequest of(HttpServletRequest request) {
        Headers.Builder headers = Headers.builder();
        for (String name : Collections.list(request.getHeaderNames())) {
            for (String value : Collections.list(request.getHeaders(name))) {
                headers.add(name, value);
            }
        }
        String query = request.getQueryString();
        return new JobRequest(headers.build(), query == null ? "" : query, request.isSecure());
    }
}
