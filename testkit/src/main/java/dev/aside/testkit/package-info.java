@NullMarked
package dev.aside.testkit;

import org.jspecify.annotations.NullMarked;
