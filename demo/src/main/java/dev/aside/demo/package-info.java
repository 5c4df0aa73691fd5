/** The demo: a shop on two nodes over one PostgreSQL and one Redis. */
@NullMarked
package dev.aside.demo;

import org.jspecify.annotations.NullMarked;
