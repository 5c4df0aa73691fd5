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
        say(RedisServer.builder().start());
        RedisServer paused = RedisServer.builder().start();
        say(paused);
        paused.pause();
        PostgresServer postgres = PostgresServer.builder().start();
        System.out.println(postgres.pid() + " " + dataDirectory(postgres));
        RedisServer stopped = RedisServer.builder().start();
        say(stopped);
        stopped.stop();
        System.out.println("ready");
        if (arguments[0].equals("wait")) {
            System.in.read();
        }
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
