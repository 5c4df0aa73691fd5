package dev.aside.offload.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that does named jobs: its first parameter is the payload, a second one may be a
 * {@link dev.aside.offload.JobContext}; what it returns is the result. Registered by {@link JobHandlers}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface JobHandler {
    /** The name of the job type. */
    String value();

    /** The version of the payload. */
    int version() default 1;
}
