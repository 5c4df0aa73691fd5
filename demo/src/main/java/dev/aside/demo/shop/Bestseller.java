package dev.aside.demo.shop;

import java.math.BigDecimal;

/** A product by what it brought in; the share is that of all revenue. */
public record Bestseller(String sku, String name, long orders, BigDecimal revenue, BigDecimal share) {}
