package dev.aside.spring.offload.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.async.WebAsyncUtils;

/**
 * What is left of a request when its arguments are read: address, headers, parameters, attributes, who sent it. For
 * whatever renders the answer while the server may use the request for another client. Not thread-safe; what it has no
 * answer for (body, session, parts), it refuses.
 */
final class RequestSnapshot extends HttpServletRequestWrapper {
    private final Line line;
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, String[]> parameters;
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private final List<Locale> locales;
    private final Cookie @Nullable [] cookies;
    private final @Nullable Principal user;
    private final ServletContext context;

    /** What does not change. */
    private record Line(
            Map<String, @Nullable String> texts, StringBuffer url, int serverPort, int remotePort, boolean secure) {}

    RequestSnapshot(HttpServletRequest live) {
        super(Gone.of(HttpServletRequest.class, "request"));
        line = line(live);
        for (String name : Collections.list(live.getHeaderNames())) {
            headers.put(name, Collections.list(live.getHeaders(name)));
        }
        parameters = parameters(live);
        for (String name : Collections.list(live.getAttributeNames())) {
            Object value = live.getAttribute(name);
            if (value != null) {
                attributes.put(name, value);
            }
        }
        attributes.remove(WebAsyncUtils.WEB_ASYNC_MANAGER_ATTRIBUTE); // of a request that waits; this one does not
        locales = Collections.list(live.getLocales());
        cookies = live.getCookies();
        user = live.getUserPrincipal();
        context = live.getServletContext();
    }

    private static Map<String, String[]> parameters(HttpServletRequest live) {
        try {
            return new LinkedHashMap<>(live.getParameterMap());
        } catch (IllegalStateException malformed) { // nobody has asked for them, or it had failed before
            return Map.of();
        }
    }

    private static Line line(HttpServletRequest live) {
        Map<String, @Nullable String> texts = new HashMap<>();
        texts.put("method", live.getMethod());
        texts.put("uri", live.getRequestURI());
        texts.put("contextPath", live.getContextPath());
        texts.put("servletPath", live.getServletPath());
        texts.put("pathInfo", live.getPathInfo());
        texts.put("query", live.getQueryString());
        texts.put("protocol", live.getProtocol());
        texts.put("scheme", live.getScheme());
        texts.put("serverName", live.getServerName());
        texts.put("remoteAddr", live.getRemoteAddr());
        texts.put("remoteUser", live.getRemoteUser());
        texts.put("authType", live.getAuthType());
        texts.put("contentType", live.getContentType());
        texts.put("encoding", live.getCharacterEncoding());
        return new Line(texts, live.getRequestURL(), live.getServerPort(), live.getRemotePort(), live.isSecure());
    }

    /** What was put here since it was made, by name. */
    Map<String, Object> attributes() {
        return attributes;
    }

    private @Nullable String text(String name) {
        return line.texts().get(name);
    }

    @Override
    public String getMethod() {
        return String.valueOf(text("method"));
    }

    @Override
    public String getRequestURI() {
        return String.valueOf(text("uri"));
    }

    @Override
    public StringBuffer getRequestURL() {
        return new StringBuffer(line.url());
    }

    @Override
    public String getContextPath() {
        return String.valueOf(text("contextPath"));
    }

    @Override
    public String getServletPath() {
        return String.valueOf(text("servletPath"));
    }

    @Override
    public @Nullable String getPathInfo() {
        return text("pathInfo");
    }

    @Override
    public @Nullable String getQueryString() {
        return text("query");
    }

    @Override
    public String getProtocol() {
        return String.valueOf(text("protocol"));
    }

    @Override
    public String getScheme() {
        return String.valueOf(text("scheme"));
    }

    @Override
    public String getServerName() {
        return String.valueOf(text("serverName"));
    }

    @Override
    public int getServerPort() {
        return line.serverPort();
    }

    @Override
    public @Nullable String getRemoteAddr() {
        return text("remoteAddr");
    }

    @Override
    public @Nullable String getRemoteHost() {
        return text("remoteAddr");
    }

    @Override
    public int getRemotePort() {
        return line.remotePort();
    }

    @Override
    public boolean isSecure() {
        return line.secure();
    }

    @Override
    public @Nullable String getRemoteUser() {
        return text("remoteUser");
    }

    @Override
    public @Nullable String getAuthType() {
        return text("authType");
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
        return user;
    }

    @Override
    public @Nullable String getContentType() {
        return text("contentType");
    }

    @Override
    public @Nullable String getCharacterEncoding() {
        return text("encoding");
    }

    @Override
    public int getContentLength() {
        return -1;
    }

    @Override
    public long getContentLengthLong() {
        return -1;
    }

    @Override
    public @Nullable String getHeader(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return Collections.enumeration(headers.getOrDefault(name, List.of()));
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(headers.keySet());
    }

    @Override
    public int getIntHeader(String name) {
        String value = getHeader(name);
        return value == null ? -1 : Integer.parseInt(value);
    }

    @Override
    public long getDateHeader(String name) {
        String value = getHeader(name);
        try {
            return value == null
                    ? -1
                    : Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value))
                            .toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("header " + name + " is no date", e);
        }
    }

    @Override
    public Cookie @Nullable [] getCookies() {
        return cookies == null ? null : cookies.clone();
    }

    @Override
    public @Nullable String getParameter(String name) {
        String[] values = parameters.get(name);
        return values == null || values.length == 0 ? null : values[0];
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        String[] values = parameters.get(name);
        return values == null ? null : values.clone();
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return Collections.unmodifiableMap(parameters);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(parameters.keySet());
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return attributes.get(name);
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (value == null) {
            attributes.remove(name);
        } else {
            attributes.put(name, value);
        }
    }

    @Override
    public void removeAttribute(String name) {
        attributes.remove(name);
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        return Collections.enumeration(List.copyOf(attributes.keySet()));
    }

    @Override
    public Locale getLocale() {
        return locales.isEmpty() ? Locale.getDefault() : locales.get(0);
    }

    @Override
    public Enumeration<Locale> getLocales() {
        return Collections.enumeration(locales);
    }

    @Override
    public ServletContext getServletContext() {
        return context;
    }

    @Override
    public DispatcherType getDispatcherType() {
        return DispatcherType.REQUEST;
    }

    @Override
    public boolean isAsyncStarted() {
        return false;
    }

    @Override
    public boolean isAsyncSupported() {
        return false;
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        return false;
    }

    @Override
    public @Nullable String getRequestedSessionId() {
        return null;
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
        return create ? super.getSession(true) : null;
    }
}
