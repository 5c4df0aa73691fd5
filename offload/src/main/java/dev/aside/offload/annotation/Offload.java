package dev.aside.offload.annotation;

import dev.aside.offload.OnWaitTimeout;
import dev.aside.offload.http.CompletionProfile;
import dev.aside.offload.http.KeyRule;
import dev.aside.offload.http.PromotionMode;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method whose work is offloaded: an endpoint that is answered as usual when its work is done within the threshold,
 * else with a job; or any method that returns an {@link dev.aside.offload.Outcome} or a
 * {@link java.util.concurrent.CompletionStage}. Acted on by a framework integration; what is left out, the executor's
 * options say. Durations are texts such as {@code 200ms}, {@code 2s}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Offload {
    /** The job type; empty: made of class and method, as {@code ReportController.create}. */
    String value() default "";

    /** How long a caller waits that does not say. */
    String threshold() default "";

    /** The longest wait of an endpoint, whatever a client says; empty: 30 s, or the threshold if that is longer. */
    String maxWait() default "";

    /** What becomes of work that is not done by then; CANCEL is, for an endpoint, promotion to nobody. */
    OnWaitTimeout onWaitTimeout() default OnWaitTimeout.CONTINUE;

    /** Which clients of an endpoint may get a job. */
    PromotionMode promotion() default PromotionMode.AFTER_WAIT;

    /** What becomes of an {@code Idempotency-Key} that a client of an endpoint sends. */
    KeyRule idempotencyKey() default KeyRule.OPTIONAL;

    /** What the address of this endpoint's jobs answers when they are over; one at most, none: as configured. */
    CompletionProfile[] profile() default {};

    /** How many run at once; 0: as the executor says. */
    int maxConcurrent() default 0;

    /** How long an attempt may run; empty: as the executor says. */
    String timeLimit() default "";
}
