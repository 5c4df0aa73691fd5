package dev.aside.demo.shop;

import dev.aside.cache.annotation.Cached;
import dev.aside.offload.JobContext;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Orders, and figures over all of them. */
public interface SalesRepository {

    /** The product numbers of an order in the order of its lines; empty if there is no such order. */
    List<String> skusOf(String orderId);

    /** Where the shop sells to. */
    @Cached(name = "countries", policy = "reference")
    List<Country> countries();

    /** The dashboard. */
    @Cached(name = "dashboard", policy = "aggregate")
    Totals totals();

    /** The months with orders, from the first to the last; empty if there are no orders. */
    Optional<Months> months();

    /**
     * Revenue per month and country: about a second of SQL for all months.
     *
     * @param month only this one; null for all
     * @param job told of the statement, so that cancelling the job ends it
     */
    SalesReport report(@Nullable YearMonth month, JobContext job);

    /** The twenty products that brought in most: hundreds of milliseconds of SQL. Knows nothing of jobs. */
    @Cached(name = "bestsellers", policy = "aggregate")
    List<Bestseller> bestsellers();

    /** The order, if there is one. */
    Optional<Order> order(String orderId);

    /** From one month to another, both included. */
    record Months(YearMonth first, YearMonth last) {

        /** Whether the month is one of them. */
        public boolean include(YearMonth month) {
            return !month.isBefore(first) && !month.isAfter(last);
        }
    }
}
