package dev.aside.demo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aside.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopIT {
    private static final String[] LINES = {
        "536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom",
        "536365,22041,\"RECORD FRAME 7\"\" SINGLE, LARGE \",2,2010-12-01 08:26:00,2.1,17850,United Kingdom",
        "536366,85123A,white heart?,1,2010-12-02 09:00:00,2.95,,France",
        "C536367,85123A,WHITE HANGING HEART,-2,2010-12-03 10:00:00,2.55,17850,United Kingdom",
        "536368,84000,,10,2011-01-04 11:00:00,0.001,12583,France",
    };

    private static String database;

    @TempDir
    Path directory;

    @BeforeAll
    static void createDatabase() {
        database = PostgresServer.shared().createDatabase("shop");
    }

    @AfterAll
    static void dropDatabase() {
        PostgresServer.shared().dropDatabase(database);
    }

    @Test
    void load_smallFile_makesShop() throws IOException, SQLException {
        Shop.Loaded loaded = Shop.load(database, file("small", LINES), lines -> {});
        assertThat(loaded)
                .isEqualTo(new Shop.Loaded(5, 4, 3, 2, 2))
                .hasToString("5 lines of 4 orders, 3 products, 2 customers, 2 countries");
        assertThat(query("SELECT sku, name, price FROM product ORDER BY sku"))
                .containsExactly(
                        "22041|RECORD FRAME 7\" SINGLE, LARGE|2.100",
                        "84000|unnamed|0.001",
                        "85123A|WHITE HANGING HEART|2.550");
        assertThat(query("SELECT id, customer_id, country, cancelled FROM orders ORDER BY ordered_at"))
                .containsExactly(
                        "536365|17850|United Kingdom|f",
                        "536366|null|France|f",
                        "C536367|17850|United Kingdom|t",
                        "536368|12583|France|f");
        assertThat(query("SELECT line_no, sku, quantity FROM order_line WHERE order_id = '536365' ORDER BY 1"))
                .containsExactly("1|85123A|6", "2|22041|2");
        assertThat(query("SELECT role FROM customer_role WHERE customer_id = 17850 ORDER BY 1"))
                .contains("buyer");
    }

    @Test
    void load_malformedLine_saysWhereAndLeavesTheOldShop() throws IOException, SQLException {
        Shop.load(database, file("before", LINES), lines -> {});
        String[] broken = LINES.clone();
        broken[2] = "536366,85123A,x,many,2010-12-02 09:00:00,2.95,,France";
        RetailFile file = file("broken", broken);
        assertThatThrownBy(() -> Shop.load(database, file, lines -> {}))
                .isInstanceOf(ShopDataException.class)
                .hasMessage(file.name() + " is malformed: invalid input syntax for type integer: \"many\""
                        + " (COPY sales_line, line 3, column quantity: \"many\")");
        assertThat(query("SELECT count(*) FROM order_line")).containsExactly("5");
    }

    @Test
    void load_missingColumn_saysWhere() throws IOException {
        RetailFile file = file("short", "536365,85123A,x");
        assertThatThrownBy(() -> Shop.load(database, file, lines -> {}))
                .isInstanceOf(ShopDataException.class)
                .hasMessageContaining("is malformed: missing data for column \"quantity\" (COPY sales_line, line 1");
    }

    @Test
    void load_manyLines_reportsProgress() throws SQLException {
        List<Long> progress = new ArrayList<>();
        Shop.Loaded loaded = Shop.load(database, new GeneratedSales(3, 100_000), progress::add);
        assertThat(progress).containsExactly(100_000L);
        assertThat(loaded.lines()).isEqualTo(100_000);
        assertThat(loaded.products()).isEqualTo(1_000);
        Shop.Examples examples = Shop.examples(database);
        assertThat(query("SELECT count(DISTINCT sku) FROM order_line WHERE order_id = '" + examples.orderId() + "'"))
                .first()
                .satisfies(count -> assertThat(Integer.parseInt(count)).isBetween(5, 12));
        assertThat(query("SELECT role FROM customer_role WHERE customer_id = " + examples.customerId()))
                .hasSizeGreaterThan(1);
    }

    /** Runs where the data is: {@code ASIDE_RETAIL_FILE=.../online-retail.csv.xz}, or {@code -Daside.retail.file}. */
    @Test
    void load_realFile_loadsEveryLine() throws SQLException {
        String path = System.getProperty("aside.retail.file", System.getenv("ASIDE_RETAIL_FILE"));
        assumeTrue(path != null && !path.isBlank(), "no ASIDE_RETAIL_FILE");
        Shop.Loaded loaded = Shop.load(database, RetailFile.of(Path.of(path)), lines -> {});
        assertThat(loaded).isEqualTo(new Shop.Loaded(541_909, 25_900, 4_070, 4_372, 38));
        assertThat(query("SELECT count(*) FROM orders WHERE cancelled")).containsExactly("3836");
    }

    private RetailFile file(String name, String... lines) throws IOException {
        return RetailFile.of(RetailFiles.write(directory.resolve(name + ".csv.xz"), RetailFile.HEADER, lines));
    }

    private static List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(database)) {
            connection.setSchema(Shop.SCHEMA);
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    List<String> cells = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        cells.add(row.getString(i));
                    }
                    rows.add(String.join("|", cells));
                }
            }
        }
        return rows;
    }
}
