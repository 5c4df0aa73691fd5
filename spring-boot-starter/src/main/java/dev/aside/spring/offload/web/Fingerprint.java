package dev.aside.spring.offload.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.util.WebUtils;

/** What tells a repeated request from another one under the same idempotency key. */
final class Fingerprint {
    private Fingerprint() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A hash of method, path, parameters, body and files: 64 characters, from which none of them can be read. */
    static String of(HttpServletRequest request, Uploads.Kept kept) throws IOException {
        MessageDigest sha = digest();
        add(sha, request.getMethod());
        add(sha, request.getRequestURI());
        for (Map.Entry<String, String[]> parameter : new TreeMap<>(request.getParameterMap()).entrySet()) {
            add(sha, parameter.getKey());
            add(sha, String.valueOf(parameter.getValue().length));
            Arrays.stream(parameter.getValue()).forEach(value -> add(sha, value));
        }
        DigestedRequest body = WebUtils.getNativeRequest(request, DigestedRequest.class);
        add(sha, body == null ? new byte[0] : body.bodyDigest());
        for (MultipartFile file : kept.files()) {
            add(sha, file.getName());
            add(sha, file.getOriginalFilename());
            add(sha, file.getBytes());
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static void add(MessageDigest sha, @Nullable String part) {
        add(sha, String.valueOf(part).getBytes(StandardCharsets.UTF_8));
    }

    /** With the length first no two lists of parts run together to the same bytes. */
    private static void add(MessageDigest sha, byte[] part) {
        sha.update((part.length + ":").getBytes(StandardCharsets.US_ASCII));
        sha.update(part);
    }

    /** Whether a request has a key. */
    static boolean isKeyed(HttpServletRequest request) {
        return request.getHeader("Idempotency-Key") != null;
    }
}
