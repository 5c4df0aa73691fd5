package dev.aside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresServerIT {
    private final PostgresServer postgres = PostgresServer.shared();

    @Test
    void createDatabase_sameNameTwice_databasesAreSeparate() throws SQLException {
        String first = postgres.createDatabase("shop");
        String second = postgres.createDatabase("shop");

        query(first, "CREATE TABLE product (sku text)");

        assertThat(query(first, "SELECT to_regclass('product')")).isEqualTo("product");
        assertThat(query(second, "SELECT to_regclass('product')")).isNull();
    }

    @Test
    void createDatabase_nameWithQuotes_isRefused() {
        assertThatThrownBy(() -> postgres.createDatabase("x\"; DROP"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'x\"; DROP'");
    }

    @Test
    void dropDatabase_openConnection_databaseIsGone() throws SQLException {
        String url = postgres.createDatabase("short_lived");

        try (Connection connection = DriverManager.getConnection(url)) {
            postgres.dropDatabase(url);

            assertThat(connection.isValid(5)).isFalse();
        }
        assertThatThrownBy(() -> query(url, "SELECT 1")).hasMessageContaining("does not exist");
    }

    @Test
    void dropDatabase_theServersOwn_isRefused() {
        assertThatThrownBy(() -> postgres.dropDatabase(postgres.jdbcUrl()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shared_closed_servesOn() throws SQLException {
        postgres.close();

        assertThat(PostgresServer.shared()).isSameAs(postgres);
        assertThat(query(postgres.jdbcUrl(), "SELECT 1")).isEqualTo("1");
    }

    @Test
    void builder_settings_areInForceAndCloseLeavesNothing() throws SQLException {
        PostgresServer own = PostgresServer.builder()
                .setting("max_connections", "17")
                .setting("shared_preload_libraries", "pg_stat_statements")
                .start();
        Path directory = Path.of(query(own.jdbcUrl(), "SHOW data_directory")).getParent();
        assertThat(query(own.jdbcUrl(), "SHOW max_connections")).isEqualTo("17");
        query(own.jdbcUrl(), "CREATE EXTENSION pg_stat_statements");
        assertThat(directory).exists();

        own.close();

        assertThat(ProcessHandle.of(own.pid())).isEmpty();
        assertThat(directory).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void start_eachWayToLeaveRoot_servesAndEnds(UserSwitch way) throws SQLException {
        PostgresBinaries binaries = PostgresBinaries.find(Environment.SYSTEM);
        assumeTrue(way != UserSwitch.find(binaries.postgres()), "this is the way of all the other tests");
        assumeTrue(way.obstacle(binaries.postgres()).isEmpty(), "not possible for this user on this machine");

        PostgresProcess process = PostgresProcess.start(binaries, way, 0, List.of());
        try {
            assertThat(query(process.jdbcUrl(), "SELECT 1")).isEqualTo("1");
            assertThat(ProcessHandle.of(process.pid()).flatMap(h -> h.info().command()))
                    .hasValueSatisfying(command -> assertThat(command).endsWith("postgres"));
        } finally {
            process.close();
        }
        assertThat(ProcessHandle.of(process.pid())).isEmpty();
    }

    @Test
    void start_portTaken_failsNamingThePort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PostgresServer.Builder builder = PostgresServer.builder().port(taken.getLocalPort());

            assertThatThrownBy(builder::start)
                    .isInstanceOf(TestServerException.class)
                    .hasMessage("PostgreSQL cannot start: port " + taken.getLocalPort()
                            + " of 127.0.0.1 is already taken. Leave the port out to get a free one.");
        }
    }

    @Test
    void start_freePortTakenMeanwhile_takesAnother() throws IOException {
        PostgresBinaries binaries = PostgresBinaries.find(Environment.SYSTEM);
        UserSwitch user = UserSwitch.find(binaries.postgres());
        try (ServerSocket faster = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int next = Ports.free();
            Iterator<Integer> ports = List.of(faster.getLocalPort(), next).iterator();

            PostgresProcess process = PostgresProcess.start(binaries, user, 0, List.of(), ports::next);

            assertThat(process.jdbcUrl()).contains(":" + next + "/");
            process.close();
        }
    }

    @Test
    void start_unknownSetting_failsWithTheServersReason() {
        PostgresServer.Builder builder = PostgresServer.builder().setting("no_such_setting", "1");

        assertThatThrownBy(builder::start)
                .isInstanceOf(TestServerException.class)
                .hasMessageContaining("no_such_setting");
    }

    @Test
    void start_initdbOfEnvironmentFails_failsWithItsReason(@TempDir Path home) throws IOException {
        Files.setPosixFilePermissions(home, Unpacked.EXECUTABLE);
        Path bin = Files.createDirectory(home.resolve("bin"));
        for (String program : List.of("postgres", "initdb")) {
            String script = "#!/bin/sh\necho $0 $1\n[ \"$1\" = --version ]\n";
            Files.setPosixFilePermissions(Files.writeString(bin.resolve(program), script), Unpacked.EXECUTABLE);
        }

        assertThatThrownBy(() -> PostgresServer.start(only(PostgresBinaries.VARIABLE, home.toString())))
                .isInstanceOf(TestServerException.class)
                .hasMessageContaining("initdb failed")
                .hasMessageContaining(bin + "/initdb --pgdata");
    }

    @Test
    void start_urlOfEnvironment_handsOutThatServerAndTidiesUp() throws SQLException {
        Environment environment = only(PostgresServer.VARIABLE, postgres.jdbcUrl());
        String guest;
        try (PostgresServer server = PostgresServer.start(environment)) {
            guest = server.createDatabase("guest");
            assertThat(query(guest, "SELECT 1")).isEqualTo("1");
            assertThatThrownBy(server::pid)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining(PostgresServer.VARIABLE);
        }

        assertThatThrownBy(() -> query(guest, "SELECT 1")).hasMessageContaining("does not exist");
        assertThat(query(postgres.jdbcUrl(), "SELECT 1")).isEqualTo("1");
    }

    @Test
    void start_urlOfEnvironmentNobodyListens_failsNamingVariableAndServer() {
        String url = "jdbc:postgresql://127.0.0.1:" + Ports.free() + "/shop";

        assertThatThrownBy(() -> PostgresServer.start(only(PostgresServer.VARIABLE, url + "?user=u&password=secret")))
                .isInstanceOf(TestServerException.class)
                .hasMessageContaining(PostgresServer.VARIABLE)
                .hasMessageContaining(url)
                .hasMessageContaining("unset the variable")
                .hasMessageNotContaining("secret");
    }

    @Test
    void faultProxy_inFront_resetReachesTheDriver() throws SQLException {
        try (FaultProxy proxy = FaultProxy.to(postgres.host(), postgres.port());
                Connection connection = DriverManager.getConnection(proxy.through(postgres.jdbcUrl()));
                Statement statement = connection.createStatement()) {
            assertThat(statement.execute("SELECT 1")).isTrue();

            proxy.reset();

            assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
        }
    }

    private static String query(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return null;
            }
            try (ResultSet rows = statement.getResultSet()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    private static Environment only(String variable, String value) {
        return name -> name.equals(variable) ? value : null;
    }
}
