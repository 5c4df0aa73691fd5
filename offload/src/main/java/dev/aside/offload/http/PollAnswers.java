package dev.aside.offload.http;

import java.time.Duration;

/** The answers of a job's own address. Immutable. */
final class PollAnswers {
    /** A job is its caller's alone and changes at any time. */
    static final String CACHE_CONTROL = "private, no-cache";

    private final Documents documents;
    private final Results results;
    private final CompletionProfile profile;
    private final Duration maxWait;

    PollAnswers(Documents documents, Results results, CompletionProfile profile, Duration maxWait) {
        this.documents = documents;
        this.results = results;
        this.profile = profile;
        this.maxWait = maxWait;
    }

    /** How long to hold the poll; zero: not at all. */
    Duration hold(JobRequest request, JobView job) {
        Duration asked = request.prefer().waitTime();
        EntityTags seen = request.ifNoneMatch();
        boolean knowsMore = !seen.isAbsent() && !seen.isMalformed() && !seen.matchWeakly(job.entityTag());
        return asked == null || job.isFinished() || knowsMore ? Duration.ZERO : Durations.min(asked, maxWait);
    }

    Answer answer(JobRequest request, JobView job, JobLinks links) {
        if (!job.isFinished() || request.wantsDocument() || profile == CompletionProfile.STATUS) {
            return document(request, job, links);
        }
        if (profile == CompletionProfile.REDIRECT) {
            return Answer.empty(303, headers(request).set("Location", links.result()));
        }
        Answer result = results.answer(request, job, links);
        Headers.Builder headers = result.headers().toBuilder().vary("Accept").vary("Prefer");
        return new Answer(result.status(), headers.build(), result.body());
    }

    private Answer document(JobRequest request, JobView job, JobLinks links) {
        Headers.Builder headers = documents.withRetryAfter(headers(request).set("ETag", job.entityTag()), job);
        if (request.ifNoneMatch().matchWeakly(job.entityTag())) {
            return Answer.empty(304, headers);
        }
        return documents.answer(job.isFinished() ? 200 : 202, headers, request.accept(), job, links);
    }

    private Headers.Builder headers(JobRequest request) {
        Headers.Builder headers = Headers.builder()
                .set("Cache-Control", CACHE_CONTROL)
                .vary("Accept")
                .vary("Prefer");
        Prefer prefer = request.prefer();
        Duration asked = prefer.waitTime();
        if (asked != null) {
            headers.set("Preference-Applied", prefer.appliedWait(Durations.min(asked, maxWait)));
        }
        return headers;
    }
}
