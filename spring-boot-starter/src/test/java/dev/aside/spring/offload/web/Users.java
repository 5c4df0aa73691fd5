package dev.aside.spring.offload.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.springframework.web.filter.OncePerRequestFilter;

/** Believes every request who sends it, by {@code X-User}. */
public class Users extends OncePerRequestFilter {
    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String user = request.getHeader("X-User");
        Principal principal = () -> user;
        chain.doFilter(
                user == null
                        ? request
                        : new HttpServletRequestWrapper(request) {
                            @Override
                            public Principal getUserPrincipal() {
                                return principal;
                            }
                        },
                response);
    }
}
