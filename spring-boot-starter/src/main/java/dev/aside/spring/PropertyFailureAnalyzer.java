package dev.aside.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Explains a start that failed for properties that contradict the library or each other. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PropertyFailureAnalyzer extends AbstractFailureAnalyzer<StartRefusedException> {
    private final PropertyPlaces places;

    PropertyFailureAnalyzer(@Nullable Environment environment) {
        this.places = new PropertyPlaces(environment);
    }

    @Override
    protected FailureAnalysis analyze(Throwable root, StartRefusedException refused) {
        String how = refused.how() == null
                ? "Correct " + refused.properties().get(0) + "."
                : Complaint.sentence(PropertyText.of(refused.how()));
        return new FailureAnalysis(PropertyText.of(refused.what()) + places.show(refused.properties()), how, refused);
    }
}
