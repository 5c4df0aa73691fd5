package dev.aside.spring.offload.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

/** What offloaded work sees of its request and response. */
class SnapshotTest {
    private static MockHttpServletRequest request() {
        MockHttpServletRequest live = new MockHttpServletRequest("POST", "/shop/reports");
        live.setContextPath("/shop");
        live.setQueryString("month=2026-11");
        live.addParameter("month", "2026-11");
        live.addHeader("Accept", "text/csv");
        live.addHeader("accept", "application/json");
        live.setCookies(new Cookie("a", "b"));
        live.addPreferredLocale(Locale.CANADA_FRENCH);
        live.setUserPrincipal(() -> "alice");
        live.setAttribute("mine", "x");
        return live;
    }

    @Test
    void request_afterTheServerUsedItAgain_isWhatItWas() {
        MockHttpServletRequest live = request();
        RequestSnapshot snapshot = new RequestSnapshot(live);
        live.setMethod("GET");
        live.setRequestURI("/other");
        live.removeAllParameters();
        live.setUserPrincipal(null);
        live.removeAttribute("mine");
        assertThat(snapshot.getMethod()).isEqualTo("POST");
        assertThat(snapshot.getRequestURI()).isEqualTo("/shop/reports");
        assertThat(snapshot.getRequestURL()).hasToString("http://localhost/shop/reports");
        assertThat(snapshot.getContextPath()).isEqualTo("/shop");
        assertThat(snapshot.getParameter("month")).isEqualTo("2026-11");
        assertThat(Collections.list(snapshot.getHeaders("ACCEPT"))).containsExactly("text/csv", "application/json");
        assertThat(snapshot.getCookies()).hasSize(1);
        assertThat(snapshot.getLocale()).isEqualTo(Locale.CANADA_FRENCH);
        assertThat(snapshot.getUserPrincipal().getName()).isEqualTo("alice");
        assertThat(snapshot.getAttribute("mine")).isEqualTo("x");
        assertThat(snapshot.getSession(false)).isNull();
    }

    @Test
    void request_whatIsNotKept_isRefusedWithAHint() {
        RequestSnapshot snapshot = new RequestSnapshot(request());
        assertThatThrownBy(snapshot::getInputStream)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("getInputStream")
                .hasMessageContaining("Hint:");
        assertThatThrownBy(() -> snapshot.getSession(true)).hasMessageContaining("getSession");
        assertThatThrownBy(() -> snapshot.isUserInRole("admin")).hasMessageContaining("isUserInRole");
        assertThatThrownBy(snapshot::startAsync).hasMessageContaining("startAsync");
    }

    @Test
    void response_everythingWritten_isRecorded() throws IOException {
        RecordedResponse response = new RecordedResponse();
        response.setStatus(201);
        response.setContentType("text/plain");
        response.setCharacterEncoding("UTF-8");
        response.addHeader("Link", "<a>");
        response.addHeader("link", "<b>");
        response.setDateHeader("Last-Modified", 0);
        Cookie cookie = new Cookie("a", "b");
        cookie.setHttpOnly(true);
        cookie.setPath("/");
        response.addCookie(cookie);
        response.getWriter().write("grün");
        StoredResponse stored = response.toStored();
        assertThat(stored.status()).isEqualTo(201);
        assertThat(stored.headers().all("Link")).containsExactly("<a>", "<b>");
        assertThat(stored.headers().first("Content-Type")).hasValue("text/plain;charset=UTF-8");
        assertThat(stored.headers().first("Last-Modified")).hasValue("Thu, 01 Jan 1970 00:00:00 GMT");
        assertThat(stored.headers().first("Set-Cookie"))
                .hasValueSatisfying(
                        text -> assertThat(List.of(text.split("; "))).contains("a=b", "HttpOnly", "Path=/"));
        assertThat(stored.body()).isEqualTo("grün".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void response_errorAndRedirect_replaceTheBody() throws IOException {
        RecordedResponse error = new RecordedResponse();
        error.getOutputStream().print("half an answer");
        error.sendError(404, "gone");
        assertThat(error.isError()).isTrue();
        assertThat(error.error()).isEqualTo("gone");
        assertThat(error.toStored().body()).isEmpty();
        RecordedResponse redirect = new RecordedResponse();
        redirect.getWriter().write("half an answer");
        redirect.sendRedirect("/elsewhere");
        assertThat(redirect.isError()).isFalse();
        assertThat(redirect.toStored().status()).isEqualTo(302);
        assertThat(redirect.getHeader("Location")).isEqualTo("/elsewhere");
        assertThat(redirect.toStored().body()).isEmpty();
    }
}
