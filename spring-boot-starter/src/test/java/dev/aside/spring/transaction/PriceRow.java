package dev.aside.spring.transaction;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "prices")
class PriceRow {
    @Id
    String sku;

    int price;
}
