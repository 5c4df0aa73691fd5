package dev.aside.spring;

import dev.aside.spring.offload.OffloadRefusedException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Explains a start that failed for a method that cannot be offloaded as it is written. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class OffloadFailureAnalyzer extends AbstractFailureAnalyzer<OffloadRefusedException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, OffloadRefusedException refused) {
        return new FailureAnalysis(
                refused.what() + "\n\n    Method: " + OffloadRefusedException.text(refused.method()),
                Complaint.sentence(refused.how()),
                refused);
    }
}
