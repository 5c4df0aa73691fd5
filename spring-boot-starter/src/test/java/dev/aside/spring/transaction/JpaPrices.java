package dev.aside.spring.transaction;

import jakarta.persistence.EntityManager;

/** In the thread's persistence context, or one of its own. */
final class JpaPrices implements Prices {
    private final EntityManager entities;

    JpaPrices(EntityManager entities) {
        this.entities = entities;
    }

    @Override
    public Integer of(String sku) {
        PriceRow row = entities.find(PriceRow.class, sku);
        return row == null ? null : row.price;
    }

    @Override
    public void set(String sku, int price) {
        entities.find(PriceRow.class, sku).price = price;
        entities.flush();
    }

    @Override
    public void setFenced(String sku, int price) {
        set(sku, price);
    }
}
