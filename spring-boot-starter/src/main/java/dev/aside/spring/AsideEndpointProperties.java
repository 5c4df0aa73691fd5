package dev.aside.spring;

import java.util.Set;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the endpoint {@code aside} shows.
 *
 * @param showValues whether a peek of a key tells the value, which may be personal; its presence, type and age are told anyway
 * @param roles who is authorized to see values, if they are shown to whom is authorized; without any, everybody who is
 *     known
 */
@ConfigurationProperties("management.endpoint.aside")
record AsideEndpointProperties(
        @DefaultValue("never") Show showValues,
        @DefaultValue Set<String> roles) {}
