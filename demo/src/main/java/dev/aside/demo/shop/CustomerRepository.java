package dev.aside.demo.shop;

import dev.aside.cache.annotation.CacheConfig;
import dev.aside.cache.annotation.CacheInvalidate;
import dev.aside.cache.annotation.Cached;
import java.util.Optional;

/** Customers and what they may do. */
@CacheConfig(name = "permissions", policy = "permissions")
public interface CustomerRepository {

    /** What a customer may do; empty if there is no such customer. */
    @Cached(key = "customerId")
    Optional<Permissions> permissions(int customerId);

    /** Gives a customer a role; does nothing if the customer has it. */
    @CacheInvalidate(key = "customerId")
    void grant(int customerId, String role);

    /** Takes a role from a customer; does nothing if the customer does not have it. */
    @CacheInvalidate(key = "customerId")
    void revoke(int customerId, String role);

    /** Whether there is such a role. */
    boolean roleExists(String role);
}
