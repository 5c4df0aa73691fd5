package shop;

import java.math.BigDecimal;

record Product(String sku, BigDecimal price) {}
