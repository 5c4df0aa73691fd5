package dev.aside.demo.shop;

/** A country the shop sells to. */
public record Country(String name, long orders, long customers) {}
