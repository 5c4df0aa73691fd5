package dev.aside.demo.web;

import dev.aside.demo.shop.Country;
import dev.aside.demo.shop.CustomerRepository;
import dev.aside.demo.shop.Permissions;
import dev.aside.demo.shop.Product;
import dev.aside.demo.shop.ProductRepository;
import dev.aside.demo.shop.SalesRepository;
import dev.aside.demo.shop.Totals;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The shop's reads and writes. Nothing here knows that there are caches. */
@RestController
class ShopController {
    private static final BigDecimal DEAREST = new BigDecimal("1000000");

    private final ProductRepository products;
    private final CustomerRepository customers;
    private final SalesRepository sales;

    ShopController(ProductRepository products, CustomerRepository customers, SalesRepository sales) {
        this.products = products;
        this.customers = customers;
        this.sales = sales;
    }

    @GetMapping("/products/{sku}")
    Product product(@PathVariable String sku) {
        return products.bySku(sku).orElseThrow(() -> unknownProduct(sku));
    }

    @PutMapping("/products/{sku}/price")
    ResponseEntity<Void> changePrice(@PathVariable String sku, @RequestParam BigDecimal value) {
        if (value.signum() < 0 || value.compareTo(DEAREST) > 0 || value.scale() > 3) {
            throw ProblemException.badRequest("'" + value.toPlainString()
                    + "' is not a price [hint: 0 to 1000000, at most three decimals, such as 2.95]");
        }
        if (!products.changePrice(sku, value)) {
            throw unknownProduct(sku);
        }
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/orders/{id}/products")
    List<Product> productsOfOrder(@PathVariable String id) {
        List<String> skus = sales.skusOf(id);
        if (skus.isEmpty()) {
            throw ProblemException.notFound("order-not-found", "there is no order '" + id + "'");
        }
        return List.copyOf(products.bySkus(new LinkedHashSet<>(skus)).values());
    }

    @GetMapping("/countries")
    List<Country> countries() {
        return sales.countries();
    }

    @GetMapping("/dashboard")
    Totals dashboard() {
        return sales.totals();
    }

    @GetMapping("/customers/{id}/permissions")
    Permissions permissions(@PathVariable int id) {
        return customers.permissions(id).orElseThrow(() -> unknownCustomer(id));
    }

    @PutMapping("/customers/{id}/roles/{role}")
    ResponseEntity<Void> grant(@PathVariable int id, @PathVariable String role) {
        requireKnown(id, role);
        customers.grant(id, role);
        return ResponseEntity.noContent().build();
    }

    @DeleteMapping("/customers/{id}/roles/{role}")
    ResponseEntity<Void> revoke(@PathVariable int id, @PathVariable String role) {
        requireKnown(id, role);
        customers.revoke(id, role);
        return ResponseEntity.noContent().build();
    }

    private void requireKnown(int id, String role) {
        if (customers.permissions(id).isEmpty()) {
            throw unknownCustomer(id);
        }
        if (!customers.roleExists(role)) {
            throw ProblemException.notFound(
                    "role-not-found", "there is no role '" + role + "' [hint: buyer, trusted, wholesale]");
        }
    }

    private static ProblemException unknownProduct(String sku) {
        return ProblemException.notFound("product-not-found", "there is no product '" + sku + "'");
    }

    private static ProblemException unknownCustomer(int id) {
        return ProblemException.notFound("customer-not-found", "there is no customer " + id);
    }
}
