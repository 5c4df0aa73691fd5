package dev.aside.offload.redis;

import dev.aside.offload.JobStoreException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a server is new enough for the commands of the job store. */
final class ServerVersion {
    private static final int MAJOR = 6;
    private static final int MINOR = 2; // XPENDING with IDLE
    private static final Pattern VERSION = Pattern.compile("(?m)^redis_version:((\\d{1,9})\\.(\\d{1,9})\\S*)");

    private ServerVersion() {}

    /**
     * Refuses a server that says it is too old. One that does not say, or must not tell us, is taken as it is.
     *
     * @param info what the server answers to {@code INFO server}
     */
    static void check(String address, String info) {
        Matcher version = VERSION.matcher(info);
        if (!version.find()) {
            return;
        }
        int major = Integer.parseInt(version.group(2));
        if (major < MAJOR || (major == MAJOR && Integer.parseInt(version.group(3)) < MINOR)) {
            throw new JobStoreException(
                    "Redis, " + address + ", is version " + version.group(1) + ", but jobs need " + MAJOR + "." + MINOR
                            + " or later. Hint: update it, or give the store another one.",
                    null);
        }
    }
}
