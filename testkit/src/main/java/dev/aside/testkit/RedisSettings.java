package dev.aside.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What a Redis process is to be. Immutable.
 *
 * @param binary the {@code redis-server} program
 * @param port to listen on; 0 = a free one
 * @param password of the default user; empty = none
 * @param config further lines of {@code redis.conf}; they win
 */
record RedisSettings(Path binary, Kind kind, int port, String password, List<String> config) {

    /** What the program serves as, with the settings of every such server. */
    enum Kind {
        SERVER("""
                bind 127.0.0.1
                save ""
                appendonly no
                enable-debug-command local
                shutdown-timeout 0
                repl-diskless-sync-delay 0"""),
        CLUSTER_NODE(SERVER.config + "\ncluster-enabled yes"),
        SENTINEL("bind 127.0.0.1");

        private final String config;

        Kind(String config) {
            this.config = config;
        }
    }

    RedisSettings {
        config = List.copyOf(config);
    }

    static RedisSettings of(Path binary, Kind kind, List<String> config) {
        return new RedisSettings(binary, kind, 0, "", config);
    }

    /** The same with a free port, if none is set. */
    RedisSettings withPortFrom(IntSupplier freePorts) {
        return port == 0 ? new RedisSettings(binary, kind, freePorts.getAsInt(), password, config) : this;
    }

    RedisAddress address() {
        return RedisAddress.local(port, password);
    }

    List<String> configFile(Path directory) {
        List<String> lines = new ArrayList<>(List.of("port " + port, "dir " + directory, kind.config));
        if (kind == Kind.CLUSTER_NODE) {
            lines.add("cluster-port " + Ports.free()); // the default, port + 10000, may be taken or beyond 65535
        }
        if (!password.isEmpty()) {
            lines.addAll(List.of("requirepass " + password, "masterauth " + password));
        }
        lines.addAll(config);
        return lines;
    }

    List<String> commandLine(Path configFile) {
        List<String> line = new ArrayList<>(List.of(binary.toString(), configFile.toString()));
        if (kind == Kind.SENTINEL) {
            line.add("--sentinel");
        }
        return line;
    }
}
