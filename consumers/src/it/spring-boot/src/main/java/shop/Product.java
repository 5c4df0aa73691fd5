package shop;

public record Product(String sku, String name) {}
