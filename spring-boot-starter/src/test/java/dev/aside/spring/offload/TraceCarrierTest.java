package dev.aside.spring.offload;

import static org.assertj.core.api.Assertions.assertThat;

import brave.Tracing;
import dev.aside.offload.spi.ContextCarrier;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BravePropagator;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import io.micrometer.tracing.propagation.Propagator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // a scope is there to be closed
class TraceCarrierTest {
    private final Tracing brave = Tracing.newBuilder()
            .propagationFactory(new W3CPropagation())
            .traceId128Bit(true)
            .build();
    private final Tracer tracer =
            new BraveTracer(brave.tracer(), new BraveCurrentTraceContext(brave.currentTraceContext()));
    private final TraceCarrier carrier = new TraceCarrier(tracer, new BravePropagator(brave));

    @AfterEach
    void close() {
        brave.close();
    }

    private Map<String, String> exportedIn(Span span, TraceCarrier by) {
        ContextCarrier.Captured captured;
        try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
            captured = by.capture();
        }
        return captured.export(); // of a job that is stored later, by another thread
    }

    private static TraceContext current(Tracer tracer) {
        return Objects.requireNonNull(tracer.currentSpan()).context();
    }

    @Test
    void export_inASpan_isItsW3cParent() {
        Span span = tracer.nextSpan().start();
        assertThat(exportedIn(span, carrier))
                .isEqualTo(Map.of(
                        "traceparent",
                        "00-" + span.context().traceId() + "-" + span.context().spanId() + "-01"));
    }

    @Test
    void load_ofAParent_worksInASpanBelowIt() {
        Map<String, String> stored = Map.of("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        ContextCarrier.Captured loaded = carrier.load(stored);
        try (ContextCarrier.Scope scope = loaded.restore()) {
            assertThat(current(tracer).traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(current(tracer).parentId()).isEqualTo("00f067aa0ba902b7");
        }
        assertThat(tracer.currentSpan()).isNull();
        assertThat(loaded.export()).isEqualTo(stored);
    }

    @Test
    void nothing_traced_storesAndBeginsNothing() {
        assertThat(carrier.capture().export()).isEmpty();
        try (ContextCarrier.Scope scope = carrier.load(Map.of("mdc.x", "y")).restore()) {
            assertThat(tracer.currentSpan()).isNull();
        }
    }

    @Test
    void baggage_ofTheCaller_isNotStored() {
        TraceCarrier talkative = new TraceCarrier(tracer, new WithBaggage(new BravePropagator(brave)));
        assertThat(exportedIn(tracer.nextSpan().start(), talkative)).containsOnlyKeys("traceparent");
    }

    private record WithBaggage(Propagator w3c) implements Propagator {
        @Override
        public List<String> fields() {
            return List.of("traceparent", "baggage");
        }

        @Override
        public <C> void inject(TraceContext context, C carrier, Setter<C> setter) {
            w3c.inject(context, carrier, setter);
            setter.set(carrier, "baggage", "customer=alice");
        }

        @Override
        public <C> Span.Builder extract(C carrier, Getter<C> getter) {
            return w3c.extract(carrier, getter);
        }
    }
}
