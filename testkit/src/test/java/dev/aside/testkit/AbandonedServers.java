package dev.aside.testkit;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A JVM that starts servers, says their pids and directories, and waits or ends without closing them. */
final class AbandonedServers {
    private AbandonedServers() {}

    public static void main(String[] arguments) throws SQLException, IOException {
        switch (arguments[0]) {
            case "wait" -> {
                startAll();
                System.in.read();
            }
            case "end" -> startAll();
            case "use-in-shutdown-hook" -> {
                RedisServer redis = RedisServer.builder().start();
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(
                                () -> System.out.println(redis.command("PING").text())));
                say(redis);
                System.out.println("ready");
                System.in.read();
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void startAll() throws SQLException {
        say(RedisServer.builder().start());
        RedisServer paused = RedisServer.builder().start();
        say(paused);
        paused.pause();
        PostgresServer postgres = PostgresServer.builder().start();
        System.out.println(postgres.pid() + " " + dataDirectory(postgres));
        GuardedProcess.signal("STOP", postgres.pid());
        RedisServer stopped = RedisServer.builder().start();
        say(stopped);
        stopped.stop();
        System.out.println("ready");
    }

    private static void say(RedisServer redis) {
        System.out.println(redis.pid() + " "
                + redis.command("CONFIG", "GET", "dir").texts().get(1));
    }

    private static String dataDirectory(PostgresServer postgres) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW data_directory")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
