/** What Spring's proxies and cache abstraction cost, with and without Aside behind them. */
@NullMarked
package dev.aside.benchmarks.spring;

import org.jspecify.annotations.NullMarked;
