/** The shop over HTTP, with headers that tell where answers came from. */
@NullMarked
package dev.aside.demo.web;

import org.jspecify.annotations.NullMarked;
