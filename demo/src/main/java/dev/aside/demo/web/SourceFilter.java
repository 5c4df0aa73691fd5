package dev.aside.demo.web;

import dev.aside.cache.Answer;
import dev.aside.cache.CacheProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Says in headers where the answer came from: {@code X-Aside-Source: L1}, {@code L2} or {@code LOAD}, with counts when a
 * request read several entries ({@code L1 x12, LOAD x8}), {@code X-Aside-Reason} when one was not plainly fresh, and
 * {@code X-Aside-Node}.
 */
final class SourceFilter extends OncePerRequestFilter {
    static final String SOURCE = "X-Aside-Source";
    static final String REASON = "X-Aside-Reason";
    static final String NODE = "X-Aside-Node";

    private final String node;

    SourceFilter(String node) {
        this.node = node;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // the body waits here, because headers are known only after it
        ContentCachingResponseWrapper held = new ContentCachingResponseWrapper(response);
        held.setHeader(NODE, node);
        try (CacheProbe probe = CacheProbe.open()) {
            chain.doFilter(request, held);
            List<Answer> answers = probe.answers();
            if (!answers.isEmpty()) {
                held.setHeader(SOURCE, sources(answers));
            }
            String reasons = reasons(answers);
            if (!reasons.isEmpty()) {
                held.setHeader(REASON, reasons);
            }
        }
        held.copyBodyToResponse();
    }

    static String sources(List<Answer> answers) {
        Map<Answer.Level, Integer> counts = new EnumMap<>(Answer.Level.class);
        answers.forEach(answer -> counts.merge(answer.level(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(count -> answers.size() == 1 ? count.getKey().name() : count.getKey() + " x" + count.getValue())
                .collect(Collectors.joining(", "));
    }

    static String reasons(List<Answer> answers) {
        return answers.stream()
                .map(Answer::reason)
                .filter(reason -> reason != Answer.Reason.FRESH)
                .map(Enum::name)
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
