package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgresServerIT {
    @Test
    void createDatabase_sameNameTwice_databasesAreSeparate() throws Exception {
        PostgresServer postgres = PostgresServer.shared();
        String first = postgres.createDatabase("shop");
        String second = postgres.createDatabase("shop");

        try (Connection a = DriverManager.getConnection(first);
                Connection b = DriverManager.getConnection(second);
                Statement inA = a.createStatement();
                Statement inB = b.createStatement()) {
            inA.execute("CREATE TABLE product (sku text)");
            try (ResultSet rows = inB.executeQuery("SELECT to_regclass('product')")) {
                rows.next();
                assertThat(rows.getString(1)).isNull();
            }
        }
    }
}
