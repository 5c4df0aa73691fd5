/** Aside's annotations on Spring beans: which beans are advised, and what the advice does. */
@NullMarked
package dev.aside.spring.annotation;

import org.jspecify.annotations.NullMarked;
