package dev.aside.offload.http;

import static dev.aside.offload.http.Samples.ID;
import static dev.aside.offload.http.Samples.SELF;
import static dev.aside.offload.http.Samples.answered;
import static dev.aside.offload.http.Samples.body;
import static dev.aside.offload.http.Samples.contract;
import static dev.aside.offload.http.Samples.header;
import static dev.aside.offload.http.Samples.job;
import static dev.aside.offload.http.Samples.next;
import static dev.aside.offload.http.Samples.problem;
import static dev.aside.offload.http.Samples.record;
import static dev.aside.offload.http.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aside.offload.job.JobState;
import dev.aside.offload.spi.CancelAnswer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CancelAnswersTest {
    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"SCHEDULED", "QUEUED", "RUNNING"})
    void cancel_jobGoesOn_isToBeCancelled(JobState state) {
        assertThat(next(contract().cancel(request(), job(state)))).isEqualTo(new CancelOrder(ID));
    }

    @Test
    void cancel_cancelledAlready_is204() {
        Answer answer = answered(contract().cancel(request(), job(JobState.CANCELLED)));
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isInstanceOf(Body.None.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"SUCCEEDED", "FAILED", "EXPIRED", "LOST"})
    void cancel_jobIsOver_is409WhateverTheCondition(JobState state) {
        Answer answer = answered(contract().cancel(request("If-Match", "\"6\""), job(state)));
        assertThat(answer.status()).isEqualTo(409);
        assertThat(problem(answer)).isEqualTo("job-already-finished");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"7\"        | 0   | ``",
                "\"6\", \"7\" | 0   | ``",
                "*            | 0   | ``",
                "\"6\"        | 412 | precondition-failed",
                "W/\"7\"      | 412 | precondition-failed",
                "7            | 400 | precondition-malformed",
                "``           | 400 | precondition-malformed",
            })
    void cancel_ifMatch_isChecked(String tags, int status, String type) {
        Decision<CancelOrder> decision = contract().cancel(request("If-Match", tags), job(JobState.RUNNING));
        if (status == 0) {
            assertThat(next(decision)).isEqualTo(new CancelOrder(ID));
        } else {
            assertThat(answered(decision).status()).isEqualTo(status);
            assertThat(problem(answered(decision))).isEqualTo(type);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CANCELLED, CANCELLED, 200",
        "REQUESTED, RUNNING, 202",
        "REQUESTED, CANCELLED, 200",
        "REQUESTED, SUCCEEDED, 409",
        "TERMINAL, CANCELLED, 204",
        "TERMINAL, SUCCEEDED, 409",
        "TERMINAL, LOST, 409",
        "GONE, RUNNING, 404",
    })
    void cancelled_whatTheWishMet_isAnswered(CancelAnswer met, JobState after, int status) {
        assertThat(contract().cancelled(request(), met, job(after)).status()).isEqualTo(status);
    }

    @Test
    void cancelled_jobWillStop_saysWhereToLookAndWhen() {
        JobView stopping =
                JobView.of(record(JobState.RUNNING).cancelRequested(true).build());
        Answer answer = contract().cancelled(request(), CancelAnswer.REQUESTED, stopping);
        assertThat(header(answer, "Location")).isEqualTo(SELF);
        assertThat(header(answer, "Retry-After")).isEqualTo("1");
        assertThat(body(answer)).containsEntry("cancelRequested", true).containsEntry("state", "RUNNING");
    }

    @Test
    void cancelled_jobHadNotStarted_isTheFinalDocument() {
        Answer answer = contract().cancelled(request(), CancelAnswer.CANCELLED, job(JobState.CANCELLED));
        assertThat(body(answer)).containsEntry("state", "CANCELLED").containsEntry("status", "Canceled");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void cancel_hostileHost_is400AndNothingIsCancelled() {
        HttpContract contract = HttpContract.builder().addressesFromRequest().build();
        assertThat(problem(answered(contract.cancel(request("Host", "a@b"), job(JobState.RUNNING)))))
                .isEqualTo("host-refused");
    }
}
