package dev.aside.spring.offload;

import dev.aside.offload.spi.ContextCarrier;
import java.util.Set;
import org.slf4j.MDC;

/** Takes SLF4J's logging context along. */
public final class LoggingContext {
    private LoggingContext() {}

    /** A carrier of all entries within this process, and of those named with stored jobs. */
    public static ContextCarrier carrier(Set<String> stored) {
        return ContextCarrier.texts("mdc.", MDC::getCopyOfContextMap, MDC::setContextMap, stored);
    }
}
