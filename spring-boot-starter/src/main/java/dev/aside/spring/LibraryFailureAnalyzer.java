package dev.aside.spring;

import dev.aside.cache.spi.CacheConfigurationException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains a start that failed because the library refused something in code: an annotation, a policy, or how a bean was
 * built.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 1) // what comes from properties is wrapped, and explained by the others
final class LibraryFailureAnalyzer implements FailureAnalyzer {
    private static final List<String> LIBRARY = List.of("dev.aside.cache.", "dev.aside.offload.");

    /** What may stand between the library and the code that calls it. */
    private static final List<String> OWN =
            List.of("dev.aside.cache.", "dev.aside.offload.", "dev.aside.spring.", "java.");

    private static final List<String> FRAMEWORKS = List.of("org.springframework.", "jdk.");
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(\\w+)\\$\\d+");

    /** What code is told, and what there is for it in Boot. */
    private static final String IN_CODE = "with Caches.builder().policy(...)";

    private static final String IN_BOOT = "as a TtlPolicy bean or below aside.policies";

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        BeanCreationException bean = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BeanCreationException creation && creation.getBeanName() != null) {
                bean = creation;
            }
            if (cause instanceof CacheConfigurationException || (bean != null && isRefusal(cause))) {
                return explain(cause, bean);
            }
        }
        return null;
    }

    /** Thrown by the library itself: what it only passes on, or what is a defect of it, keeps its stack trace. */
    private static boolean isRefusal(Throwable cause) {
        StackTraceElement[] stack = cause.getStackTrace();
        return (cause instanceof IllegalArgumentException || cause instanceof IllegalStateException)
                && stack.length > 0
                && LIBRARY.stream().anyMatch(stack[0].getClassName()::startsWith);
    }

    private static FailureAnalysis explain(Throwable cause, @Nullable BeanCreationException bean) {
        Complaint complaint = Complaint.of(cause);
        String how = complaint.how() == null
                ? "Correct the code that asks for it."
                : Complaint.sentence(complaint.how().replace(IN_CODE, IN_BOOT));
        String where = bean(bean) + code(cause);
        return new FailureAnalysis(complaint.what() + (where.isEmpty() ? "" : "\n" + where), how, cause);
    }

    /** The bean of the user that was being made; beans of this starter say nothing. */
    private static String bean(@Nullable BeanCreationException bean) {
        if (bean == null || bean.getBeanName() == null || bean.getBeanName().startsWith("aside")) {
            return "";
        }
        String origin = bean.getResourceDescription();
        return "\n    Bean: " + bean.getBeanName() + (origin == null ? "" : "\n    Origin: " + origin);
    }

    /** The code that called the library, unless that was a framework. */
    private static String code(Throwable cause) {
        for (StackTraceElement frame : cause.getStackTrace()) {
            if (FRAMEWORKS.stream().anyMatch(frame.getClassName()::startsWith)) {
                return "";
            }
            if (OWN.stream().noneMatch(frame.getClassName()::startsWith)) {
                String method = LAMBDA.matcher(frame.getMethodName()).replaceFirst("$1");
                return "\n    Code: " + frame.getClassName() + "." + method + "(" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")";
            }
        }
        return "";
    }
}
