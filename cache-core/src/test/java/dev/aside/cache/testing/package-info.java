/** For the tests of programs that cache: published with the classifier {@code tests}; needs nothing but cache-core. */
@org.jspecify.annotations.NullMarked
package dev.aside.cache.testing;
