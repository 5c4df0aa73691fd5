package dev.aside.demo.shop;

import java.math.BigDecimal;
import java.util.List;

/** Revenue per month and country, cancelled orders deducted. */
public record SalesReport(List<Row> rows, BigDecimal revenue) {

    /** One country in one month; the median is that of the order lines. */
    public record Row(String month, String country, long orders, BigDecimal revenue, BigDecimal medianLine) {}

    /** Adds the rows up. */
    static SalesReport of(List<Row> rows) {
        return new SalesReport(
                List.copyOf(rows), rows.stream().map(Row::revenue).reduce(BigDecimal.ZERO, BigDecimal::add));
    }
}
