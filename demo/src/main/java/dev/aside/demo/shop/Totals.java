package dev.aside.demo.shop;

import java.math.BigDecimal;

/** The figures of the dashboard. */
public record Totals(long orders, long cancelledOrders, long lines, long customers, BigDecimal revenue) {}
