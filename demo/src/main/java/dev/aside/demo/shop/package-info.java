/** The shop: what it sells to whom, read through repositories that Aside caches. */
@NullMarked
package dev.aside.demo.shop;

import org.jspecify.annotations.NullMarked;
