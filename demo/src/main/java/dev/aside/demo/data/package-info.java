/** The shop's tables and what fills them: the Online Retail file, or a generated shop of the same shape. */
@NullMarked
package dev.aside.demo.data;

import org.jspecify.annotations.NullMarked;
