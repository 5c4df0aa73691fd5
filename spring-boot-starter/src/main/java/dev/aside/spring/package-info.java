/** Aside in Spring Boot: the beans {@code Caches} and {@code OffloadExecutor}, bound to {@code aside.*} properties. */
@NullMarked
package dev.aside.spring;

import org.jspecify.annotations.NullMarked;
