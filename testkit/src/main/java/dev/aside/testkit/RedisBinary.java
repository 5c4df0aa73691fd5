package dev.aside.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The {@code redis-server} program: the one that the environment names, else the embedded one; never one on PATH. */
final class RedisBinary {
    static final String VARIABLE = "ASIDE_TEST_REDIS_BIN";

    private static final String VERSION = "7.0.15";

    private RedisBinary() {}

    static Path find(Environment environment) {
        String named = environment.get(VARIABLE);
        if (named == null) {
            return embedded(System.getProperty("os.name"), System.getProperty("os.arch"));
        }
        Path binary = Path.of(named);
        if (!Files.isExecutable(binary) || Files.isDirectory(binary)) {
            throw new TestServerException(VARIABLE + " is not an executable file: '" + named
                    + "'. Name a redis-server program, or unset it to use the embedded one.");
        }
        return binary.toAbsolutePath();
    }

    static Path embedded(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : osName.toLowerCase(Locale.ROOT);
        String arch = osArch.matches("aarch64|arm64") ? "arm64" : osArch.matches("amd64|x86_64") ? "amd64" : osArch;
        String resource = "redis-server-" + VERSION + "-" + os + "-" + arch;
        String missing = "There is no embedded Redis for " + osName + " on " + osArch + " (no " + resource
                + " on the class path). Set " + VARIABLE + " to a redis-server program or " + RedisAddress.VARIABLE
                + " to a running server.";
        return Unpacked.of(resource, missing, (content, target) -> {
            Files.write(target, content);
            Files.setPosixFilePermissions(target, Unpacked.EXECUTABLE);
        });
    }
}
