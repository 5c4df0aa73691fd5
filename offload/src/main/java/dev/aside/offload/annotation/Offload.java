package dev.aside.offload.annotation;

import dev.aside.offload.OnWaitTimeout;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An endpoint whose work is offloaded: answered as usual when it is done within the threshold, else with a job. Acted
 * on by a framework integration; what is left out, the executor's options say.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Offload {
    /** The job type; empty: made of class and method, as {@code ReportController.create}. */
    String value() default "";

    /** How long a client waits, e.g. {@code 200ms}, {@code 2s}. */
    String threshold() default "";

    /** What becomes of work that is not done by then. */
    OnWaitTimeout onWaitTimeout() default OnWaitTimeout.CONTINUE;

    /** How many run at once; 0: as the executor says. */
    int maxConcurrent() default 0;

    /** How long an attempt may run, e.g. {@code 1m}. */
    String timeLimit() default "";
}
