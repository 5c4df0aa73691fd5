/**
 * The HTTP contract of jobs as pure values: a request's headers and a job go in, status, headers and a body value come
 * out. No framework, no JSON library, no threads, no clock.
 *
 * <p>Start at {@link dev.aside.offload.http.HttpContract}.
 */
@NullMarked
package dev.aside.offload.http;

import org.jspecify.annotations.NullMarked;
