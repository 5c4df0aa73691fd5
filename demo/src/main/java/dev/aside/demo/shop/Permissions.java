package dev.aside.demo.shop;

import java.util.List;

/** What a customer may do, by the roles the customer has. */
public record Permissions(int customerId, List<String> roles, List<String> permissions) {}
