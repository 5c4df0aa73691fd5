package dev.aside.demo.shop;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Customers in PostgreSQL. */
@Repository
class JdbcCustomers implements CustomerRepository {
    private final JdbcClient jdbc;

    JdbcCustomers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Permissions> permissions(int customerId) {
        // a row for a customer without roles, none for an unknown customer
        String sql = """
                SELECT array_remove(array_agg(DISTINCT r.role), NULL) AS roles,
                       array_remove(array_agg(DISTINCT p.permission), NULL) AS permissions
                FROM customer c
                LEFT JOIN customer_role r ON r.customer_id = c.id
                LEFT JOIN role_permission p ON p.role = r.role
                WHERE c.id = :id
                GROUP BY c.id
                """;
        return jdbc.sql(sql)
                .param("id", customerId)
                .query((row, number) -> new Permissions(
                        customerId, List.of((String[]) row.getArray("roles").getArray()), List.of((String[])
                                row.getArray("permissions").getArray())))
                .optional();
    }

    @Override
    public void grant(int customerId, String role) {
        jdbc.sql("INSERT INTO customer_role VALUES (:id, :role) ON CONFLICT DO NOTHING")
                .param("id", customerId)
                .param("role", role)
                .update();
    }

    @Override
    public void revoke(int customerId, String role) {
        jdbc.sql("DELETE FROM customer_role WHERE customer_id = :id AND role = :role")
                .param("id", customerId)
                .param("role", role)
                .update();
    }

    @Override
    public boolean roleExists(String role) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM role_permission WHERE role = :role)")
                .param("role", role)
                .query(Boolean.class)
                .single();
    }
}
