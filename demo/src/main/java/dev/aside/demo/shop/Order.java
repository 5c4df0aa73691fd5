package dev.aside.demo.shop;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.List;

/** An order with its lines; of a cancelled one the quantities are negative. */
public record Order(String id, String country, LocalDateTime orderedAt, List<Line> lines) {

    /** So many of one product. */
    public record Line(String sku, String name, int quantity, BigDecimal unitPrice) {

        /** Quantity times price. */
        public BigDecimal sum() {
            return unitPrice.multiply(BigDecimal.valueOf(quantity));
        }
    }

    /** The sum of the lines. */
    public BigDecimal total() {
        return lines.stream().map(Line::sum).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
