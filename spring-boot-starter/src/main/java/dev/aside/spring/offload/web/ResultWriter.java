package dev.aside.spring.offload.web;

import dev.aside.offload.http.Headers;
import java.io.IOException;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Makes an answer of a result that is an object of this process: that of a job that no endpoint has started. As JSON by
 * the application's converters, else as text. Thread-safe.
 */
final class ResultWriter {
    private final List<HttpMessageConverter<?>> converters;

    ResultWriter(RequestMappingHandlerAdapter adapter) {
        this.converters = List.copyOf(adapter.getMessageConverters());
    }

    @SuppressWarnings("unchecked") // it said that it can
    StoredResponse write(Object value) {
        RecordedResponse response = new RecordedResponse();
        for (MediaType type : List.of(MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN)) {
            for (HttpMessageConverter<?> converter : converters) {
                if (converter.canWrite(value.getClass(), type)) {
                    try {
                        ServletServerHttpResponse message = new ServletServerHttpResponse(response);
                        ((HttpMessageConverter<Object>) converter).write(value, type, message);
                        message.flush();
                        return response.toStored();
                    } catch (IOException e) {
                        throw new IllegalStateException("a result of " + value.getClass() + " could not be written", e);
                    }
                }
            }
        }
        return new StoredResponse(204, Headers.NONE, new byte[0]);
    }
}
