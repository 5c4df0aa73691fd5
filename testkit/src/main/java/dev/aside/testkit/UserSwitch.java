package dev.aside.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a program that refuses root is run: directly by normal users; as {@code nobody} or in a user namespace by root. */
enum UserSwitch {
    NONE("", false),
    SETPRIV("setpriv --reuid=65534 --regid=65534 --clear-groups --", true),
    RUNUSER("runuser -u nobody --", true),
    UNSHARE("unshare -U --", false);

    private static final String NOBODY = "65534"; // a user ID is taken where a name is
    private static final String TRIAL =
            "if test \"$(id -u)\" = 0; then echo 'still root'; exit 1; fi; exec \"$0\" --version";

    private final String prefix; // of the command line
    private final boolean toNobody;

    UserSwitch(String prefix, boolean toNobody) {
        this.prefix = prefix;
        this.toNobody = toNobody;
    }

    /** The first way in which the program runs here without being root. */
    static UserSwitch find(Path program) {
        List<String> tried = new ArrayList<>();
        for (UserSwitch way : values()) {
            String obstacle = way.obstacle(program);
            if (obstacle.isEmpty()) {
                return way;
            }
            tried.add(way + ": " + obstacle);
        }
        throw new TestServerException("No way to run " + program + " without being root (" + String.join("; ", tried)
                + "). Run as another user, set -Djava.io.tmpdir to a directory that everybody may enter, or set "
                + PostgresServer.VARIABLE + " to a running server.");
    }

    List<String> command(List<String> command) {
        List<String> line = new ArrayList<>();
        if (!prefix.isEmpty()) {
            line.addAll(List.of(prefix.split(" ", -1)));
        }
        line.addAll(command);
        return line;
    }

    /** Gives a directory to the user that will run in it. */
    void handOver(Path directory) throws IOException {
        if (toNobody) {
            var users = directory.getFileSystem().getUserPrincipalLookupService();
            Files.setOwner(directory, users.lookupPrincipalByName(NOBODY));
        }
    }

    /** What keeps the program from running in this way; empty if nothing does. */
    String obstacle(Path program) {
        try {
            Process process = new ProcessBuilder(command(List.of("sh", "-c", TRIAL, program.toString())))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? "" : said;
        } catch (IOException e) {
            return "not installed";
        } catch (InterruptedException e) {
            throw GuardedProcess.interrupted("trying to run " + program, e);
        }
    }
}
