package dev.aside.spring.offload;

import dev.aside.offload.spi.ContextCarrier;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the caller's place in its trace with stored jobs, as W3C texts, and does their work in a span below it. Within the
 * process the trace goes along by {@link PropagatedContext}.
 */
public final class TraceCarrier implements ContextCarrier {
    private static final String PARENT = "traceparent";
    /** Baggage is not among them: it may be personal. */
    private static final Set<String> STORED = Set.of(PARENT, "tracestate");

    private final Tracer tracer;
    private final Propagator propagator;

    /** Traces of this tracer, in the words of this propagator; what is not W3C's is not kept. */
    public TraceCarrier(Tracer tracer, Propagator propagator) {
        this.tracer = Objects.requireNonNull(tracer, "tracer");
        this.propagator = Objects.requireNonNull(propagator, "propagator");
    }

    @Override
    public Captured capture() {
        return new Here(propagator, tracer.currentTraceContext().context());
    }

    @Override
    public Captured load(Map<String, String> exported) {
        Map<String, String> stored = new HashMap<>(exported);
        stored.keySet().retainAll(STORED);
        return new Elsewhere(this, Map.copyOf(stored));
    }

    /** Written only if the job is stored. */
    private record Here(Propagator propagator, @Nullable TraceContext context) implements Captured {
        @Override
        public Scope restore() {
            return () -> {};
        }

        @Override
        public Map<String, String> export() {
            Map<String, String> texts = new HashMap<>();
            if (context != null) {
                propagator.inject(context, texts, (ignored, name, value) -> {
                    if (STORED.contains(name)) {
                        texts.put(name, value);
                    }
                });
            }
            return texts;
        }
    }

    private record Elsewhere(TraceCarrier carrier, Map<String, String> export) implements Captured {
        @Override
        public Scope restore() {
            if (!export.containsKey(PARENT)) {
                return () -> {};
            }
            Span span = carrier.propagator
                    .extract(export, Map::get)
                    .name("job")
                    .kind(Span.Kind.CONSUMER)
                    .start();
            Tracer.SpanInScope scope = carrier.tracer.withSpan(span);
            return () -> {
                scope.close();
                span.end();
            };
        }
    }
}
