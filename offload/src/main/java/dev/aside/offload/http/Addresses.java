package dev.aside.offload.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where jobs are found: absolute addresses, from a configured base or from what the request calls this server. */
final class Addresses {
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]++)++");

    /** Empty: from the request. */
    private final String base;
    /** Empty: any. */
    private final Set<String> hosts;

    private final String jobsPath;

    private Addresses(String base, Set<String> hosts, String jobsPath) {
        this.base = base;
        this.hosts = hosts;
        this.jobsPath = jobsPath;
    }

    static Addresses configured(String base) {
        return new Addresses(checkedBase(base), Set.of(), "/jobs");
    }

    static Addresses ofRequest(Set<String> hosts) {
        for (String host : hosts) {
            if (Authority.parse(List.of(host)) == null) {
                throw new IllegalArgumentException("host '" + host + "' is not a host with or without a port."
                        + " Hint: e.g. api.example.com or localhost:8080.");
            }
        }
        return new Addresses(
                "",
                hosts.stream().map(h -> h.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet()),
                "/jobs");
    }

    Addresses at(String jobsPath) {
        return new Addresses(base, hosts, jobsPath);
    }

    static String checkedPath(String jobsPath) {
        Objects.requireNonNull(jobsPath, "jobsPath");
        if (!PATH.matcher(jobsPath).matches()) {
            throw new IllegalArgumentException("jobs path '" + jobsPath + "' is not a path."
                    + " Hint: a slash, then letters, digits, dots, dashes or underscores, e.g. /jobs or /api/jobs.");
        }
        return jobsPath;
    }

    private static String checkedBase(String base) {
        Objects.requireNonNull(base, "base");
        String stripped = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        if (!isBase(stripped)) {
            throw new IllegalArgumentException("base URL '" + base + "' is not an absolute http(s) address."
                    + " Hint: e.g. https://api.example.com/v1, without user, query and fragment.");
        }
        return stripped;
    }

    private static boolean isBase(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            return ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
                    && uri.getRawAuthority() != null
                    && Authority.parse(List.of(uri.getRawAuthority())) != null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && text.chars().allMatch(c -> c > ' ' && c < 0x7f)
                    && !text.endsWith("/");
        } catch (URISyntaxException e) {
            return false; // the caller says what is wrong
        }
    }

    /** Where jobs live for this client, or null if its request names a host that is not to be repeated. */
    @Nullable String jobsOf(JobRequest request) {
        if (!base.isEmpty()) {
            return base + jobsPath;
        }
        String authority = Authority.parse(request.headers().all("Host"));
        if (authority == null || !isAllowed(authority)) {
            return null;
        }
        return (request.isSecure() ? "https://" : "http://") + authority + jobsPath;
    }

    private boolean isAllowed(String authority) {
        return hosts.isEmpty() || hosts.contains(authority) || hosts.contains(Authority.hostOf(authority));
    }
}
